using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// Builds a Parquet file that has the given columns and no rows. Parquet.Net's own schema supports neither JSON columns nor
/// required lists, but rows that it appends to a file keep the file's schema. Numbers are from parquet.thrift; the encoding is Thrift's
/// compact protocol.
/// </summary>
internal sealed class EmptyFile
{
    private const byte I32 = 5,
        I64 = 6,
        Binary = 8,
        List = 9,
        Struct = 12;
    private const int Required = 0,
        Optional = 1,
        Repeated = 2;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _last;

    /// <param name="columns">In file order.</param>
    /// <param name="annotated">Whether columns are marked as text or JSON; without the mark, Parquet.Net treats both as bytes.</param>
    public static byte[] Of(IReadOnlyList<ColumnShape> columns, bool annotated)
    {
        var file = new EmptyFile();
        _ = file.Raw("PAR1"u8).Number(1, I32, 1).ListOf(2, 1 + columns.Sum(column => column.IsList ? 3 : 1));
        file.Element("schema", children: columns.Count);
        foreach (var column in columns)
        {
            if (column.IsList)
                file.Element(column.Name, Required, children: 1, converted: 3, logical: 3).Element("list", Repeated, children: 1);
            int? converted = annotated
                ? column.Type switch
                {
                    ColumnType.Text => 0,
                    ColumnType.Json => 19,
                    _ => null,
                }
                : null;
            int? logical = converted switch
            {
                0 => 1,
                19 => 12,
                _ => null,
            };
            var type = column.Type switch
            {
                ColumnType.Int32 => 1,
                ColumnType.Int64 => 2,
                _ => 6,
            };
            file.Element(column.IsList ? "element" : column.Name, column.Optional ? Optional : Required, type, null, converted, logical);
        }

        file._last = 2;
        _ = file.Number(3, I64, 0).ListOf(4, 0).Text(6, $"Parquet.Net version {ParquetShards.PackageVersion}").ListOf(7, columns.Count);
        foreach (var _ in columns)
            file.Raw([(1 << 4) | Struct, 0, 0]);
        file.Raw([0]);
        Span<byte> end = [0, 0, 0, 0, .. "PAR1"u8];
        BinaryPrimitives.WriteInt32LittleEndian(end, file._bytes.WrittenCount - 4);
        return file.Raw(end)._bytes.WrittenSpan.ToArray();
    }

    private EmptyFile Element(
        string name,
        int? repetition = null,
        int? type = null,
        int? children = null,
        int? converted = null,
        int? logical = null
    )
    {
        _last = 0;
        _ = Number(1, I32, type).Number(3, I32, repetition).Text(4, name).Number(5, I32, children).Number(6, I32, converted);
        return logical is { } union ? Field(10, Struct).Raw([(byte)((union << 4) | Struct), 0, 0, 0]) : Raw([0]);
    }

    private EmptyFile Number(int id, byte type, int? value) => value is { } number ? Field(id, type).Varint((uint)number << 1) : this;

    private EmptyFile Text(int id, string text) =>
        Field(id, Binary).Varint((uint)Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    private EmptyFile ListOf(int id, int count) =>
        count < 15 ? Field(id, List).Raw([(byte)((count << 4) | Struct)]) : Field(id, List).Raw([0xF0 | Struct]).Varint((uint)count);

    private EmptyFile Field(int id, byte type)
    {
        var header = (byte)(((id - _last) << 4) | type);
        _last = id;
        return Raw([header]);
    }

    private EmptyFile Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            Raw([(byte)(value | 0x80)]);
        return Raw([(byte)value]);
    }

    private EmptyFile Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }
}
