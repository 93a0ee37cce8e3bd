namespace ConvoSynth.ObjectStorage.Streams;

/// <summary>A part of an object, and the object's length.</summary>
internal readonly record struct ObjectRange(ReadOnlyMemory<byte> Bytes, long Length);

/// <summary>
/// Reads an object at any position, by ranges. Reading on makes them larger, so that one record costs little and a whole object few
/// requests. The length is that of the first answer: what is appended later is not seen.
/// </summary>
/// <param name="fetch">Gets up to so many bytes from a position on.</param>
internal sealed class RangeStream(Func<long, int, ObjectRange> fetch) : ObjectStream
{
    private const int FirstBytes = 64 << 10;
    private const int MaxBytes = 8 << 20;

    private ReadOnlyMemory<byte> _chunk;
    private long _chunkAt;
    private int _next = FirstBytes;
    private long? _length;

    public override long Length
    {
        get
        {
            if (_length is null)
                Fetch();
            return _length!.Value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || (_length is { } length && Position >= length))
            return 0;
        if (Position < _chunkAt || Position >= _chunkAt + _chunk.Length)
            Fetch();
        var there = _chunk[(int)Math.Min(Position - _chunkAt, _chunk.Length)..];
        var count = Math.Min(buffer.Length, there.Length);
        there.Span[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    private void Fetch()
    {
        var readsOn = _length is not null && Position == _chunkAt + _chunk.Length;
        _next = readsOn ? Math.Min(_next * 8, MaxBytes) : FirstBytes;
        var range = fetch(Position, _next);
        _length ??= range.Length;
        (_chunkAt, _chunk) = (Position, range.Bytes[..(int)Math.Clamp(_length.Value - Position, 0, range.Bytes.Length)]);
    }
}
