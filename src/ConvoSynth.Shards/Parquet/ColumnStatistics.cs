using System.Buffers.Binary;
using System.Text;

namespace ConvoSynth.Shards.Parquet;

/// <summary>Smallest and largest value and the count of nulls, of a page or a column chunk, in the order that the format defines for the type.</summary>
internal sealed class ColumnStatistics(PrimitiveField field)
{
    /// <summary>Bounds of text are cut to this many bytes, so that a footer stays small however long the values are.</summary>
    public const int BoundBytes = 64;

    // One byte more than a bound shows whether the value went on.
    private readonly byte[] _least = new byte[BoundBytes + 1];
    private readonly byte[] _most = new byte[BoundBytes + 1];
    private int _leastLength;
    private int _mostLength;
    private long _low;
    private long _high;
    private double _lowDouble;
    private double _highDouble;
    private bool _any;
    private bool _unordered;

    public long Nulls { get; set; }

    public void Reset()
    {
        _any = _unordered = false;
        Nulls = 0;
    }

    public void Observe(long value)
    {
        if (!_any || value < _low)
            _low = value;
        if (!_any || value > _high)
            _high = value;
        _any = true;
    }

    /// <summary>A NaN has no place in the order: one of them leaves the page and its chunk without bounds.</summary>
    public void Observe(double value)
    {
        _unordered |= double.IsNaN(value);
        if (!_any || value < _lowDouble)
            _lowDouble = value;
        if (!_any || value > _highDouble)
            _highDouble = value;
        _any = true;
    }

    public void Observe(ReadOnlySpan<byte> value)
    {
        var head = value.Length > BoundBytes ? value[..(BoundBytes + 1)] : value;
        if (!_any || head.SequenceCompareTo(_least.AsSpan(0, _leastLength)) < 0)
            _leastLength = Keep(head, _least);
        if (!_any || head.SequenceCompareTo(_most.AsSpan(0, _mostLength)) > 0)
            _mostLength = Keep(head, _most);
        _any = true;
    }

    /// <summary>Takes a page's figures into its chunk's.</summary>
    public void Merge(ColumnStatistics page)
    {
        Nulls += page.Nulls;
        if (!page._any)
            return;
        _unordered |= page._unordered;
        switch (field.Type)
        {
            case PhysicalType.ByteArray:
                Observe(page._least.AsSpan(0, page._leastLength));
                Observe(page._most.AsSpan(0, page._mostLength));
                break;
            case PhysicalType.Double:
                Observe(page._lowDouble);
                Observe(page._highDouble);
                break;
            default:
                Observe(page._low);
                Observe(page._high);
                break;
        }
    }

    /// <summary>Writes the Thrift struct <c>Statistics</c> as a field of the struct that is being written.</summary>
    public void WriteField(CompactWriter thrift, int id)
    {
        thrift.BeginStruct(id);
        WriteFields(thrift);
        thrift.EndStruct();
    }

    /// <summary>Writes the Thrift struct <c>Statistics</c>; the field that it belongs to is the caller's.</summary>
    public void WriteBody(CompactWriter thrift)
    {
        thrift.BeginElement();
        WriteFields(thrift);
        thrift.EndStruct();
    }

    private void WriteFields(CompactWriter thrift)
    {
        Span<byte> low = stackalloc byte[BoundBytes];
        Span<byte> high = stackalloc byte[BoundBytes];
        var (lowLength, lowExact) = Bound(low, upper: false);
        var (highLength, highExact) = Bound(high, upper: true);
        thrift.I64(3, Nulls);
        if (highLength >= 0)
            thrift.Binary(5, high[..highLength]);
        if (lowLength >= 0)
            thrift.Binary(6, low[..lowLength]);
        if (highLength >= 0)
            thrift.Bool(7, highExact);
        if (lowLength >= 0)
            thrift.Bool(8, lowExact);
    }

    /// <summary>Whether no value was observed, be it for want of entries or because all were null.</summary>
    public bool IsEmpty => !_any;

    /// <summary>The lower and the upper bound in PLAIN form (of bytes, without the length before them); null where there is none.</summary>
    public (byte[]? Low, byte[]? High) Bounds()
    {
        Span<byte> bound = stackalloc byte[BoundBytes];
        var low = Bound(bound, upper: false).Length is >= 0 and var lowLength ? bound[..lowLength].ToArray() : null;
        var high = Bound(bound, upper: true).Length is >= 0 and var highLength ? bound[..highLength].ToArray() : null;
        return (low, high);
    }

    private static int Keep(ReadOnlySpan<byte> head, byte[] kept)
    {
        head.CopyTo(kept);
        return head.Length;
    }

    /// <summary>A bound in PLAIN form; length -1 where there is none.</summary>
    private (int Length, bool Exact) Bound(Span<byte> target, bool upper)
    {
        if (!_any || _unordered)
            return (-1, false);
        switch (field.Type)
        {
            case PhysicalType.Boolean:
                target[0] = (byte)(upper ? _high : _low);
                return (1, true);
            case PhysicalType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(target, (int)(upper ? _high : _low));
                return (4, true);
            case PhysicalType.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(target, upper ? _high : _low);
                return (8, true);
            case PhysicalType.Double:
                // Both zeros are equal to a reader, so the bound takes the sign that lets neither fall outside.
                var value = upper ? _highDouble : _lowDouble;
                BinaryPrimitives.WriteDoubleLittleEndian(target, value == 0 ? (upper ? 0.0 : -0.0) : value);
                return (8, true);
            default:
                var head = upper ? _most.AsSpan(0, _mostLength) : _least.AsSpan(0, _leastLength);
                // A bound must be a value of the column's logical type, and a JSON document that was cut is none.
                if (field.Annotation == Annotation.Json && head.Length > BoundBytes)
                    return (-1, false);
                return upper ? UpperBound(head, field.Annotation, target) : LowerBound(head, field.Annotation, target);
        }
    }

    internal static (int Length, bool Exact) LowerBound(ReadOnlySpan<byte> head, Annotation annotation, Span<byte> target)
    {
        var length = Cut(head, annotation);
        head[..length].CopyTo(target);
        return (length, head.Length <= BoundBytes);
    }

    /// <summary>A cut value lies below the values that it was cut from, so its last character that can be raised is raised.</summary>
    internal static (int Length, bool Exact) UpperBound(ReadOnlySpan<byte> head, Annotation annotation, Span<byte> target)
    {
        var length = Cut(head, annotation);
        head[..length].CopyTo(target);
        if (head.Length <= BoundBytes)
            return (length, true);
        while (length > 0)
        {
            if (annotation == Annotation.None)
            {
                if (target[length - 1] != 0xFF)
                {
                    target[length - 1]++;
                    return (length, false);
                }

                length--;
                continue;
            }

            Rune.DecodeLastFromUtf8(target[..length], out var last, out var width);
            length -= width;
            var next = last.Value + 1 == 0xD800 ? 0xE000 : last.Value + 1;
            if (next <= 0x10FFFF && new Rune(next).Utf8SequenceLength == width)
                return (length + new Rune(next).EncodeToUtf8(target[length..]), false);
        }

        return (-1, false);
    }

    /// <summary>How much of a value fits a bound without cutting a character in two.</summary>
    private static int Cut(ReadOnlySpan<byte> head, Annotation annotation)
    {
        if (head.Length <= BoundBytes)
            return head.Length;
        var length = BoundBytes;
        if (annotation != Annotation.None)
            while (length > 0 && (head[length] & 0xC0) == 0x80)
                length--;
        return length;
    }
}
