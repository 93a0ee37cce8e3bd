using System.Security.Cryptography;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// Receives a file that Parquet.Net appends to one without rows. It presents the latter until the first write, then passes all later
/// bytes on and hashes them. So the output may be non-seekable and write-only.
/// </summary>
internal sealed class ShardStream : Stream
{
    private const int Begin = 4;
    private readonly Stream _output;
    private readonly MemoryStream _empty;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    /// <param name="empty">The file without rows, by <see cref="EmptyFile"/>.</param>
    public ShardStream(Stream output, byte[] empty)
    {
        _output = output;
        _empty = new(empty, writable: false);
        Pass("PAR1"u8);
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => IsWriting ? _length : _empty.Length;

    public override long Position
    {
        get => IsWriting ? _length : _empty.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    private bool IsWriting => _length > Begin;

    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) =>
        IsWriting ? throw new NotSupportedException("A shard that is written is not read.") : _empty.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) =>
        IsWriting ? throw new NotSupportedException("A shard is written from its beginning to its end.") : _empty.Seek(offset, origin);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!IsWriting && _empty.Position != Begin)
            throw new InvalidOperationException($"The first bytes of a shard follow byte {Begin}, not byte {_empty.Position}.");
        Pass(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: Parquet.Net flushes after every page, and only a whole shard has to be durable.</summary>
    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _hash.AppendData(bytes);
        _length += bytes.Length;
    }
}
