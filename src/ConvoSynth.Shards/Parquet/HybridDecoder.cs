namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// Reads the run-length / bit-packing hybrid one value at a time: a run that claims two thousand million values costs nothing until they
/// are asked for.
/// </summary>
internal sealed class HybridDecoder
{
    private readonly byte[] _bytes;
    private readonly int _end;
    private readonly int _width;
    private int _position;
    private long _left;
    private bool _packed;
    private uint _repeated;
    private long _bit;

    public HybridDecoder(byte[] bytes, int start, int end, int width)
    {
        if (width > 32)
            throw new DamageException($"a page packs its values in {width} bits");
        (_bytes, _position, _end, _width) = (bytes, start, end, width);
    }

    public int Next()
    {
        if (_left == 0)
            NextRun();
        _left--;
        return _packed ? Unpack() : (int)_repeated;
    }

    private void NextRun()
    {
        ulong header = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (_position >= _end || shift > 35)
                throw new DamageException("a page has fewer levels or indexes than it says");
            var part = _bytes[_position++];
            header |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                break;
        }

        _packed = (header & 1) == 1;
        _left = (long)(header >> 1) * (_packed ? 8 : 1);
        if (_left == 0)
            throw new DamageException("a page has an empty run");
        if (_packed)
        {
            // The last group may be cut short by writers that leave out its padding, so only what is used must be there.
            _bit = (long)_position * 8;
            _position = (int)Math.Min(_end, _position + (((_left * _width) + 7) / 8));
            return;
        }

        var size = (_width + 7) / 8;
        if (size > _end - _position)
            throw new DamageException("a run of a page has no value");
        _repeated = 0;
        for (var i = 0; i < size; i++)
            _repeated |= (uint)_bytes[_position++] << (8 * i);
    }

    private int Unpack()
    {
        var first = (int)(_bit >> 3);
        var shift = (int)(_bit & 7);
        _bit += _width;
        if (_bit > (long)_position * 8)
            throw new DamageException("a page has fewer levels or indexes than it says");
        ulong window = 0;
        for (var i = 0; i * 8 < shift + _width; i++)
            window |= (ulong)_bytes[first + i] << (8 * i);
        return (int)((window >> shift) & ((1UL << _width) - 1));
    }
}
