using System.Globalization;
using System.Text;
using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

/// <summary>Whole files from object trees and back, for tests that look at values rather than at speed.</summary>
internal static class Files
{
    public static byte[] Write(ParquetSchema schema, IEnumerable<object?[]> rows, ParquetWriterOptions? options = null)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, schema, options);
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                Put(writer[i], row[i]);
            writer.EndRow();
        }

        writer.Finish().Should().Be(stream.Length);
        return stream.ToArray();
    }

    public static ParquetFile Open(byte[] bytes) => ParquetFile.Open(new MemoryStream(bytes, writable: false), "test.parquet");

    public static List<object?[]> Read(byte[] bytes)
    {
        using var file = Open(bytes);
        return ReadAll(file);
    }

    public static List<object?[]> ReadAll(ParquetFile file)
    {
        var rows = new List<object?[]>();
        for (var group = 0; group < file.RowGroups.Count; group++)
        {
            var cursor = file.ReadRows(group);
            while (cursor.NextRow())
                rows.Add([.. Enumerable.Range(0, file.Schema.Fields.Count).Select(cursor.Value)]);
        }

        return rows;
    }

    public static void Put(Column column, object? value)
    {
        switch (column, value)
        {
            case (_, null):
                column.Null();
                break;
            case (GroupColumn group, object?[] fields):
                for (var i = 0; i < fields.Length; i++)
                    Put(group[i], fields[i]);
                break;
            case (ListColumn list, IEnumerable<object?> elements):
                list.Begin();
                foreach (var element in elements)
                    Put(list.Element, element);
                list.End();
                break;
            case (ValueColumn leaf, bool b):
                leaf.Add(b);
                break;
            case (ValueColumn leaf, int i):
                leaf.Add(i);
                break;
            case (ValueColumn leaf, long l):
                leaf.Add(l);
                break;
            case (ValueColumn leaf, double d):
                leaf.Add(d);
                break;
            case (ValueColumn leaf, string s):
                leaf.Add(s);
                break;
            case (ValueColumn leaf, ReadOnlyMemory<byte> bytes):
                leaf.Add(bytes.Span);
                break;
            default:
                throw new InvalidOperationException($"{value} does not fit {column.Name}");
        }
    }

    /// <summary>A value as a line that two equal values share and two different ones do not.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        int i => i.ToString(CultureInfo.InvariantCulture),
        long l => l.ToString(CultureInfo.InvariantCulture) + "L",
        double d => BitConverter.DoubleToInt64Bits(d).ToString("x16", CultureInfo.InvariantCulture),
        string s => "x" + Convert.ToHexString(Encoding.UTF8.GetBytes(s)),
        ReadOnlyMemory<byte> bytes => "x" + Convert.ToHexString(bytes.Span),
        object?[] fields => "{" + string.Join(",", fields.Select(Show)) + "}",
        IEnumerable<object?> elements => "[" + string.Join(",", elements.Select(Show)) + "]",
        _ => throw new InvalidOperationException(value.GetType().Name),
    };
}
