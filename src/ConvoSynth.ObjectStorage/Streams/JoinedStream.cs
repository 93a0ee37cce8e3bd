namespace ConvoSynth.ObjectStorage.Streams;

/// <summary>Reads objects one after the other as one stream, at any position.</summary>
/// <param name="sizes">The length of each object.</param>
/// <param name="fetch">Gets so many objects from a number on.</param>
internal sealed class JoinedStream(IReadOnlyList<long> sizes, Func<int, int, byte[][]> fetch) : ObjectStream
{
    // Reading on gets several at once, a single record only its own.
    private const int MaxAhead = 16;

    private readonly long[] _starts = StartsOf(sizes);
    private byte[][] _parts = [];
    private int _first;

    public override long Length => _starts[^1];

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || Position >= Length)
            return 0;
        var number = Array.BinarySearch(_starts, Position);
        // The last object that begins here: empty ones before it begin here as well.
        number = number < 0 ? ~number - 1 : Array.LastIndexOf(_starts, Position);
        if (number < _first || number >= _first + _parts.Length)
        {
            var count = number == _first + _parts.Length ? Math.Min(MaxAhead, sizes.Count - number) : 1;
            (_parts, _first) = (fetch(number, count), number);
        }

        var there = _parts[number - _first].AsSpan((int)(Position - _starts[number]));
        var taken = Math.Min(buffer.Length, there.Length);
        there[..taken].CopyTo(buffer);
        Position += taken;
        return taken;
    }

    private static long[] StartsOf(IReadOnlyList<long> sizes)
    {
        var starts = new long[sizes.Count + 1];
        for (var i = 0; i < sizes.Count; i++)
            starts[i + 1] = starts[i] + sizes[i];
        return starts;
    }
}
