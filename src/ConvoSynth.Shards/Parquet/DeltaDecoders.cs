namespace ConvoSynth.Shards.Parquet;

/// <summary>DELTA_BINARY_PACKED, one value at a time.</summary>
internal sealed class DeltaBinaryDecoder : ValueDecoder
{
    private readonly byte[] _page;
    private readonly int _end;
    private readonly bool _narrow;
    private readonly int _miniblocks;
    private readonly int _miniblockValues;
    private byte[] _widths = [];
    private long _value;
    private long _minDelta;
    private int _returned;
    private int _miniblock;
    private int _inMiniblock;

    /// <param name="type">INT32 or INT64.</param>
    /// <param name="entries">Entries of the page, of which no more than these can be values.</param>
    public DeltaBinaryDecoder(PhysicalType type, byte[] page, int start, int end, int entries)
    {
        if (type is not (PhysicalType.Int32 or PhysicalType.Int64))
            throw new DamageException($"a column of type {type} is delta-packed");
        (_page, Position, _end, _narrow) = (page, start, end, type == PhysicalType.Int32);
        var block = Varint();
        var miniblocks = Varint();
        var count = Varint();
        _value = Zigzag();
        if (miniblocks is 0 or > 512 || block is 0 or > 65_536 || block % miniblocks != 0 || count > (ulong)entries)
            throw new DamageException($"a delta-packed page claims {count} values in blocks of {block} in {miniblocks} parts");
        (_miniblocks, _miniblockValues, Count) = ((int)miniblocks, (int)(block / miniblocks), (int)count);
        _miniblock = _miniblocks;
    }

    public int Count { get; }

    /// <summary>Where the packed numbers end, once all of them were read.</summary>
    public int Position { get; private set; }

    public override void Next(ref Cell cell)
    {
        if (_returned >= Count)
            throw TooShort();
        if (_returned++ > 0)
        {
            // First the delta: it may begin a block, which has a least delta of its own.
            var delta = (long)NextDelta();
            _value = unchecked(_value + _minDelta + delta);
        }

        cell.Bits = _narrow ? (int)_value : _value;
    }

    /// <summary>Passes over all numbers as lengths that add up to no more than <paramref name="limit"/>: <see cref="Position"/> is behind them.</summary>
    public void PassLengths(long limit)
    {
        // A miniblock of width 0 takes one byte for its values, so the bytes bound the count, and with it the time.
        if (Count > (long)(_end - Position + 1) * _miniblockValues)
            throw TooShort();
        long sum = 0;
        Cell cell = default;
        for (var i = 0; i < Count; i++)
        {
            Next(ref cell);
            sum += cell.Bits;
            if (cell.Bits < 0 || sum > limit)
                throw new DamageException("the lengths of a page's values run past its end");
        }

        FinishMiniblock();
    }

    private ulong NextDelta()
    {
        if (_inMiniblock == 0)
        {
            if (_miniblock == _miniblocks)
                NextBlock();
            // Only here, since the widths of parts that are not needed may be anything.
            if (_widths[_miniblock] > 64 || (long)_widths[_miniblock] * _miniblockValues / 8 > _end - Position)
                throw TooShort();
        }

        var width = _widths[_miniblock];
        var bit = ((long)Position * 8) + ((long)_inMiniblock * width);
        ulong delta = 0;
        for (var i = 0; i < width; bit++, i++)
            delta |= (ulong)((_page[bit >> 3] >> (int)(bit & 7)) & 1) << i;
        if (++_inMiniblock == _miniblockValues)
            FinishMiniblock();
        return delta;
    }

    private void FinishMiniblock()
    {
        if (_inMiniblock == 0)
            return;
        Position += _widths[_miniblock] * _miniblockValues / 8;
        _inMiniblock = 0;
        _miniblock++;
    }

    private void NextBlock()
    {
        _minDelta = Zigzag();
        if (_miniblocks > _end - Position)
            throw TooShort();
        _widths = _page.AsSpan(Position, _miniblocks).ToArray();
        Position += _miniblocks;
        _miniblock = 0;
    }

    private long Zigzag()
    {
        var raw = Varint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (Position >= _end)
                throw TooShort();
            var part = _page[Position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new DamageException("a number in a page is longer than 64 bits");
    }
}

/// <summary>DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. The lengths are read twice and never kept: a few bytes can hold very many.</summary>
internal sealed class DeltaLengthDecoder : ValueDecoder
{
    private readonly byte[] _page;
    private readonly int _end;
    private readonly DeltaBinaryDecoder _lengths;
    private int _position;

    public DeltaLengthDecoder(byte[] page, int start, int end, int entries)
    {
        var pass = new DeltaBinaryDecoder(PhysicalType.Int32, page, start, end, entries);
        pass.PassLengths(end - start);
        (_page, _position, _end) = (page, pass.Position, end);
        _lengths = new DeltaBinaryDecoder(PhysicalType.Int32, page, start, end, entries);
    }

    public override void Next(ref Cell cell)
    {
        Cell length = default;
        _lengths.Next(ref length);
        if (length.Bits > _end - _position)
            throw TooShort();
        cell.Bytes = _page.AsMemory(_position, (int)length.Bits);
        _position += (int)length.Bits;
    }
}

/// <summary>DELTA_BYTE_ARRAY: how much each value shares with the one before, then the rest of it.</summary>
internal sealed class DeltaPrefixDecoder : ValueDecoder
{
    private readonly DeltaBinaryDecoder _prefixes;
    private readonly DeltaLengthDecoder _suffixes;
    private ReadOnlyMemory<byte> _previous;

    public DeltaPrefixDecoder(byte[] page, int start, int end, int entries)
    {
        var pass = new DeltaBinaryDecoder(PhysicalType.Int32, page, start, end, entries);
        pass.PassLengths(long.MaxValue / 2);
        _prefixes = new DeltaBinaryDecoder(PhysicalType.Int32, page, start, end, entries);
        _suffixes = new DeltaLengthDecoder(page, pass.Position, end, entries);
    }

    public override void Next(ref Cell cell)
    {
        Cell length = default;
        _prefixes.Next(ref length);
        if (length.Bits > _previous.Length)
            throw new DamageException($"a value shares {length.Bits} bytes with one of {_previous.Length}");
        var prefix = (int)length.Bits;
        _suffixes.Next(ref cell);
        if (cell.Bytes.IsEmpty)
        {
            // No copy where a value is the beginning of the one before: few bytes could make very many.
            cell.Bytes = _previous[..prefix];
        }
        else if (prefix > 0)
        {
            var whole = GC.AllocateUninitializedArray<byte>(prefix + cell.Bytes.Length);
            _previous.Span[..prefix].CopyTo(whole);
            cell.Bytes.Span.CopyTo(whole.AsSpan(prefix));
            cell.Bytes = whole;
        }

        _previous = cell.Bytes;
    }
}
