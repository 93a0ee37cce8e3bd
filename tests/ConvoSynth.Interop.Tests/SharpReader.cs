using System.Globalization;
using System.Text.Json.Nodes;
using ConvoSynth.Runs.Rows;
using ParquetSharp;

namespace ConvoSynth.Interop.Tests;

/// <summary>
/// Reads shards with ParquetSharp, which is Arrow's C++ reader, as physical values and levels. It uses neither our code nor
/// Parquet.Net.
/// </summary>
internal static class SharpReader
{
    public static List<JsonArray> Read(string path)
    {
        using var file = new ParquetFileReader(path);
        var rows = new List<JsonArray>();
        for (var group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using var reader = file.RowGroup(group);
            var count = (int)reader.MetaData.NumRows;
            var columns = ShardSchema.Columns.Select((name, i) => Column(reader, i, name, count)).ToArray();
            for (var row = 0; row < count; row++)
                rows.Add(new JsonArray([.. columns.Select(column => column[row])]));
        }

        return rows;
    }

    private static List<JsonNode?> Column(RowGroupReader group, int index, string name, int rows)
    {
        using var column = group.Column(index);
        var entries = (int)group.MetaData.GetColumnChunkMetaData(index).NumValues;
        return column switch
        {
            ColumnReader<int> numbers =>
            [
                .. Values(numbers, entries).Values.Select(n => JsonValue.Create(n.ToString(CultureInfo.InvariantCulture))),
            ],
            ColumnReader<long> numbers =>
            [
                .. Values(numbers, entries).Values.Select(n => JsonValue.Create(n.ToString(CultureInfo.InvariantCulture))),
            ],
            ColumnReader<ByteArray> cells => Cells(cells, entries, Canonical.IsList(name), rows),
            _ => throw new InvalidOperationException($"{name} is read by {column.GetType().Name}"),
        };
    }

    private static List<JsonNode?> Cells(ColumnReader<ByteArray> column, int entries, bool isList, int rows)
    {
        var most = column.ColumnDescriptor.MaxDefinitionLevel;
        var (values, definitions, repetitions) = Values(column, entries);
        var cells = new List<JsonNode?>(rows);
        for (int entry = 0, value = 0; entry < entries; entry++)
        {
            var cell = most == 0 || definitions[entry] == most ? JsonValue.Create(values[value++]) : null;
            if (!isList)
                cells.Add(cell);
            else if (repetitions[entry] == 0)
                cells.Add(cell is null ? new JsonArray() : new JsonArray(cell));
            else
                cells[^1]!.AsArray().Add(cell);
        }

        return cells;
    }

    private static (List<string> Values, short[] Definitions, short[] Repetitions) Values(ColumnReader<ByteArray> column, int entries)
    {
        var texts = new List<string>();
        // Arrow's values lie in a page that the next batch may free, so each batch is copied at once.
        var (_, definitions, repetitions) = Values(
            column,
            entries,
            batch =>
            {
                foreach (var bytes in batch)
                    texts.Add(Text(bytes));
            }
        );
        return (texts, definitions, repetitions);
    }

    private static (List<T> Values, short[] Definitions, short[] Repetitions) Values<T>(ColumnReader<T> column, int entries)
        where T : unmanaged
    {
        var all = new List<T>();
        var (_, definitions, repetitions) = Values(column, entries, batch => all.AddRange(batch));
        return (all, definitions, repetitions);
    }

    private static (long Read, short[] Definitions, short[] Repetitions) Values<T>(ColumnReader<T> column, int entries, Action<T[]> take)
        where T : unmanaged
    {
        var (definitions, repetitions, values) = (new short[entries], new short[entries], new T[entries]);
        var done = 0;
        while (done < entries && column.HasNext)
        {
            var read = (int)column.ReadBatch(entries - done, definitions.AsSpan(done), repetitions.AsSpan(done), values, out var count);
            take(values[..(int)count]);
            done += read;
        }

        return (done, definitions, repetitions);
    }

    private static unsafe string Text(ByteArray bytes) => System.Text.Encoding.UTF8.GetString((byte*)bytes.Pointer, bytes.Length);
}
