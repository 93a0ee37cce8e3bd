using System.Buffers.Binary;

namespace ConvoSynth.Shards.Parquet;

/// <summary>
/// The distinct values of a column chunk in the order of their first appearance, already in the PLAIN form of a dictionary page. The
/// hash decides only where a value is looked for, never an order that reaches the file.
/// </summary>
internal sealed class ValueDictionary
{
    private readonly ByteBuffer _plain = new();
    private int[] _starts = new int[16];
    private ulong[] _hashes = new ulong[16];
    private int[] _slots = new int[32];

    public int Count { get; private set; }

    /// <summary>The dictionary page's bytes: each value behind its length.</summary>
    public ReadOnlySpan<byte> Plain => _plain.Span;

    /// <param name="value">A value that is added if it is new.</param>
    /// <param name="hash">Its <see cref="PageBoundary.Digest"/>.</param>
    public int IndexOf(ReadOnlySpan<byte> value, ulong hash)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)(hash >> 32) & mask; ; slot = (slot + 1) & mask)
        {
            var entry = _slots[slot] - 1;
            if (entry < 0)
                return Add(value, hash, slot);
            if (_hashes[entry] == hash && this[entry].SequenceEqual(value))
                return entry;
        }
    }

    /// <summary>The value's bytes, without the length before them.</summary>
    public ReadOnlySpan<byte> this[int entry]
    {
        get
        {
            var start = _starts[entry];
            return _plain.Span.Slice(start + 4, BinaryPrimitives.ReadInt32LittleEndian(_plain.Span[start..]));
        }
    }

    /// <summary>Empties it; of the memory for its values it keeps no more than <paramref name="keepBytes"/>.</summary>
    public void Clear(int keepBytes)
    {
        _plain.Clear(keepBytes);
        Count = 0;
        Array.Clear(_slots);
    }

    private int Add(ReadOnlySpan<byte> value, ulong hash, int slot)
    {
        if (Count == _starts.Length)
        {
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }

        _starts[Count] = _plain.Length;
        _hashes[Count] = hash;
        _plain.AppendInt32(value.Length);
        _plain.Append(value);
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
            Rehash();
        return Count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var entry = 0; entry < Count; entry++)
        {
            var slot = (int)(_hashes[entry] >> 32) & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = entry + 1;
        }
    }
}
