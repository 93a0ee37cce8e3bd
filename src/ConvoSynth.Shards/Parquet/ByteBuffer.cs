using System.Buffers;
using System.Buffers.Binary;

namespace ConvoSynth.Shards.Parquet;

/// <summary>A growing run of bytes that keeps its array when it is cleared: a column fills the same one page after page.</summary>
internal sealed class ByteBuffer
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Clears, and lets an array go that one large row has made longer than <paramref name="keep"/> bytes.</summary>
    public void Clear(int keep)
    {
        Length = 0;
        if (_bytes.Length > keep)
            _bytes = [];
    }

    /// <summary>Room for at least <paramref name="size"/> more bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Room(int size)
    {
        var needed = (long)Length + size;
        if (needed > _bytes.Length)
            Grow(needed);
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void AppendInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);
        Length += 4;
    }

    public void AppendInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
        Length += 8;
    }

    public void AppendVarint(ulong value)
    {
        var room = Room(10);
        var used = 0;
        for (; value >= 0x80; value >>= 7)
            room[used++] = (byte)(value | 0x80);
        room[used++] = (byte)value;
        Length += used;
    }

    /// <summary>Overwrites four bytes that were appended before, for a length that is known only afterwards.</summary>
    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position, 4), value);

    private void Grow(long needed)
    {
        if (needed > Array.MaxLength)
            throw new ShardException(ShardFault.BadRow, $"one page would take {needed} bytes, which is more than the format can hold: make the row smaller.");
        var size = Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(256, _bytes.Length * 2L)));
        var grown = GC.AllocateUninitializedArray<byte>((int)size);
        Span.CopyTo(grown);
        _bytes = grown;
    }
}

/// <summary>The finished pages of a column chunk: pooled segments that are written to the file once and given back.</summary>
internal sealed class SegmentedBuffer : IDisposable
{
    private const int FirstSegment = 4 << 10;
    private const int LargestSegment = 1 << 20;
    private readonly List<(byte[] Bytes, int Used)> _segments = [];

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (bytes.Length > 0)
        {
            if (_segments.Count == 0 || _segments[^1].Used == _segments[^1].Bytes.Length)
            {
                var size = _segments.Count == 0 ? FirstSegment : Math.Min(LargestSegment, _segments[^1].Bytes.Length * 2);
                _segments.Add((ArrayPool<byte>.Shared.Rent(size), 0));
            }

            var (segment, used) = _segments[^1];
            var taken = Math.Min(segment.Length - used, bytes.Length);
            bytes[..taken].CopyTo(segment.AsSpan(used));
            _segments[^1] = (segment, used + taken);
            bytes = bytes[taken..];
        }
    }

    public void CopyTo(Stream output)
    {
        foreach (var (bytes, used) in _segments)
            output.Write(bytes, 0, used);
    }

    public void Clear()
    {
        foreach (var (bytes, _) in _segments)
            ArrayPool<byte>.Shared.Return(bytes);
        _segments.Clear();
        Length = 0;
    }

    public void Dispose() => Clear();
}
