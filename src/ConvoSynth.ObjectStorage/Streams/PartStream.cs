namespace ConvoSynth.ObjectStorage.Streams;

/// <summary>Cuts what is written into parts of one size, and sends each when it is full.</summary>
internal sealed class PartStream(Action<MemoryStream> send) : Stream
{
    /// <summary>S3 takes no part below 5 MB, but the last.</summary>
    public const int PartBytes = 8 << 20;

    private readonly MemoryStream _part = new();
    private long _sent;

    /// <summary>What is not sent yet.</summary>
    public MemoryStream Rest => _part;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _sent + _part.Length;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = (int)Math.Min(buffer.Length, PartBytes - _part.Length);
            _part.Write(buffer[..count]);
            buffer = buffer[count..];
            if (_part.Length == PartBytes)
                SendRest();
        }
    }

    public void SendRest()
    {
        if (_part.Length == 0)
            return;
        _part.Position = 0;
        send(_part);
        _sent += _part.Length;
        _part.SetLength(0);
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
