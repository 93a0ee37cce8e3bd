using System.Buffers.Binary;

namespace ConvoSynth.Shards.Parquet;

/// <summary>One value: a number or the bits of a double in <see cref="Bits"/>, or bytes, which are a slice of their page.</summary>
internal struct Cell
{
    public long Bits;
    public ReadOnlyMemory<byte> Bytes;
}

/// <summary>Yields the values of one page, as many as are asked for.</summary>
internal abstract class ValueDecoder
{
    public abstract void Next(ref Cell cell);

    private protected static DamageException TooShort() => new("a page has fewer values than it says");
}

internal sealed class PlainDecoder(PhysicalType type, int fixedLength, byte[] page, int start, int end) : ValueDecoder
{
    private int _position = start;
    private int _bit;

    public override void Next(ref Cell cell)
    {
        switch (type)
        {
            case PhysicalType.Boolean:
                if (_position >= end)
                    throw TooShort();
                cell.Bits = (page[_position] >> _bit) & 1;
                _bit = (_bit + 1) & 7;
                if (_bit == 0)
                    _position++;
                break;
            case PhysicalType.Int32:
                cell.Bits = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                break;
            case PhysicalType.Float:
                cell.Bits = BitConverter.DoubleToInt64Bits(BinaryPrimitives.ReadSingleLittleEndian(Take(4)));
                break;
            case PhysicalType.Int64 or PhysicalType.Double:
                cell.Bits = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
                break;
            case PhysicalType.ByteArray:
                var length = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                TakeBytes(length, ref cell);
                break;
            case PhysicalType.FixedLenByteArray:
                TakeBytes(fixedLength, ref cell);
                break;
            default:
                throw new DamageException($"it has a column of type {type}", ShardFault.Unsupported);
        }
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > end - _position)
            throw TooShort();
        var taken = page.AsSpan(_position, size);
        _position += size;
        return taken;
    }

    private void TakeBytes(int length, ref Cell cell)
    {
        if (length < 0 || length > end - _position)
            throw new DamageException($"a value of {length} bytes runs past the end of its page");
        cell.Bytes = page.AsMemory(_position, length);
        _position += length;
    }
}

internal sealed class DictionaryDecoder(Cell[] dictionary, HybridDecoder indexes) : ValueDecoder
{
    public override void Next(ref Cell cell)
    {
        var index = indexes.Next();
        if ((uint)index >= (uint)dictionary.Length)
            throw new DamageException($"a page points at entry {index} of a dictionary of {dictionary.Length}");
        cell = dictionary[index];
    }
}

internal sealed class RunBooleanDecoder(HybridDecoder bits) : ValueDecoder
{
    public override void Next(ref Cell cell) => cell.Bits = bits.Next();
}

/// <summary>The bytes of all values, first all first bytes, then all second bytes, and so on.</summary>
internal sealed class SplitDecoder : ValueDecoder
{
    private readonly PhysicalType _type;
    private readonly int _width;
    private readonly byte[] _page;
    private readonly int _count;
    private readonly int _start;
    private int _next;

    public SplitDecoder(PhysicalType type, int fixedLength, byte[] page, int start, int end)
    {
        _width = type switch
        {
            PhysicalType.Int32 or PhysicalType.Float => 4,
            PhysicalType.Int64 or PhysicalType.Double => 8,
            PhysicalType.FixedLenByteArray => fixedLength,
            _ => throw new DamageException($"a column of type {type} is byte-stream split"),
        };
        if ((end - start) % _width != 0)
            throw new DamageException("a byte-stream split page does not divide into values");
        (_type, _page, _start, _count) = (type, page, start, (end - start) / _width);
    }

    public override void Next(ref Cell cell)
    {
        if (_next >= _count)
            throw TooShort();
        var value = new byte[_width];
        for (var i = 0; i < _width; i++)
            value[i] = _page[_start + (i * _count) + _next];
        _next++;
        new PlainDecoder(_type, _width, value, 0, _width).Next(ref cell);
    }
}
