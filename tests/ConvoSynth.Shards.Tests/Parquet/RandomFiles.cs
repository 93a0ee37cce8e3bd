using System.Text;
using ConvoSynth.Shards.Parquet;

namespace ConvoSynth.Shards.Tests.Parquet;

/// <summary>Random schemas, rows and layouts, all of them a function of the seed.</summary>
internal sealed class RandomFiles(int seed)
{
    private readonly Random _random = new(seed);

    public ParquetSchema Schema()
    {
        var count = _random.Next(1, 5);
        return new ParquetSchema([.. Enumerable.Range(0, count).Select(i => Field($"c{i}", 0))]);
    }

    public ParquetWriterOptions Options() => new()
    {
        Codec = new[] { Codec.Brotli, Codec.Gzip, Codec.Uncompressed }[_random.Next(3)],
        RowGroupBytes = _random.Next(3) == 0 ? 4096 : 100_000,
        PageBytes = _random.Next(2) == 0 ? 256 : 1 << 16,
        PageRows = _random.Next(3) == 0 ? 3 : 1000,
        DictionaryBytes = new[] { 0, 64, 1 << 20 }[_random.Next(3)],
        RowGroupRows = _random.Next(4) == 0 ? 7 : 1_000_000,
        ContentDefinedPages = _random.Next(3) > 0,
        PageIndex = _random.Next(4) > 0,
        PageStatistics = _random.Next(2) == 0,
        PageChecksums = _random.Next(2) == 0,
    };

    public List<object?[]> Rows(ParquetSchema schema)
    {
        var count = _random.Next(0, 60);
        return [.. Enumerable.Range(0, count).Select(_ => schema.Fields.Select(Value).ToArray())];
    }

    private ParquetField Field(string name, int depth)
    {
        var optional = _random.Next(2) == 0;
        return _random.Next(depth > 3 ? 5 : 8) switch
        {
            0 => new PrimitiveField(name, PhysicalType.Boolean, Annotation.None, optional),
            1 => new PrimitiveField(name, PhysicalType.Int32, Annotation.None, optional),
            2 => new PrimitiveField(name, PhysicalType.Int64, Annotation.None, optional),
            3 => new PrimitiveField(name, PhysicalType.Double, Annotation.None, optional),
            4 => new PrimitiveField(name, PhysicalType.ByteArray, (Annotation)_random.Next(3), optional),
            5 => new GroupField(name, [.. Enumerable.Range(0, _random.Next(1, 4)).Select(i => Field($"f{i}", depth + 1))], optional),
            _ => new ListField(name, Field("element", depth + 1), optional),
        };
    }

    private object? Value(ParquetField field)
    {
        if (field.Optional && _random.Next(3) == 0)
            return null;
        return field switch
        {
            PrimitiveField { Type: PhysicalType.Boolean } => _random.Next(2) == 0,
            PrimitiveField { Type: PhysicalType.Int32 } => _random.Next(4) == 0 ? int.MinValue : _random.Next(-5, 5),
            PrimitiveField { Type: PhysicalType.Int64 } => _random.Next(4) == 0 ? long.MaxValue : _random.NextInt64(),
            PrimitiveField { Type: PhysicalType.Double } => new[] { 0.0, -0.0, double.NaN, double.NegativeInfinity, 1.5, 1e-300 }[_random.Next(6)],
            PrimitiveField p => Bytes(p.Annotation),
            GroupField g => g.Fields.Select(Value).ToArray(),
            ListField l => Enumerable.Range(0, _random.Next(4)).Select(_ => Value(l.Element)).ToList(),
            _ => throw new InvalidOperationException(field.Name),
        };
    }

    private ReadOnlyMemory<byte> Bytes(Annotation annotation)
    {
        if (annotation == Annotation.None)
        {
            var raw = new byte[_random.Next(3) == 0 ? 100 : _random.Next(4)];
            _random.NextBytes(raw);
            return raw;
        }

        if (annotation == Annotation.Json)
        {
            // Sound documents: some readers refuse a file for one that is not.
            var documents = new[] { "{\"k\":1}", "\"é語😀\"", "[1, 2.50]", "null", $"\"{new string('x', _random.Next(90))}\"", "\"\uFFFF\"" };
            return Encoding.UTF8.GetBytes(documents[_random.Next(documents.Length)]);
        }

        var alphabet = new[] { "a", "é", "語", "😀", "\0", "\uFFFF", "plain" };
        var length = _random.Next(5) switch { 0 => 0, 1 => 40, _ => _random.Next(1, 3) };
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[_random.Next(alphabet.Length)])));
    }
}
