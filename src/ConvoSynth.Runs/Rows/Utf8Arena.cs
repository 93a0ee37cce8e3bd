using System.Text;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// Holds the bytes of a row group's values until they are written. Segments are reused from group to group, so a shard takes the memory
/// of one group. A value larger than a segment gets its own array, which is released with its group.
/// </summary>
internal sealed class Utf8Arena
{
    private const int SegmentBytes = 256 << 10;
    private readonly List<byte[]> _segments = [];
    private int _segment = -1;
    private int _used = SegmentBytes;

    public ReadOnlyMemory<byte> Store(ReadOnlySpan<byte> value)
    {
        var place = Take(value.Length);
        value.CopyTo(place.Span);
        return place;
    }

    public ReadOnlyMemory<byte> Store(string text)
    {
        var place = Take(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, place.Span);
        return place;
    }

    /// <summary>Frees all values; later values overwrite them.</summary>
    public void Clear() => (_segment, _used) = (-1, SegmentBytes);

    private Memory<byte> Take(int length)
    {
        if (length > SegmentBytes)
            return new byte[length];
        if (length > SegmentBytes - _used)
        {
            if (++_segment == _segments.Count)
                _segments.Add(GC.AllocateUninitializedArray<byte>(SegmentBytes));
            _used = 0;
        }

        _used += length;
        return _segments[_segment].AsMemory(_used - length, length);
    }
}
