using System.Buffers.Binary;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// Presents a file to Parquet.Net with zeros after its footer, and throws at the end of the file. Parquet.Net reads past the end of a
/// stream as an endless run of byte 255. So a damaged footer or page header would make it loop forever. A zero ends any Thrift struct.
/// </summary>
internal sealed class ReadStream : Stream
{
    private const int Tail = 8;
    private const int Zeros = 32 << 10;
    private readonly Stream _file;
    private readonly byte[] _end = new byte[Zeros + Tail];
    private readonly long _footerEnd;

    /// <param name="file">Must seek; it is closed with this stream.</param>
    /// <exception cref="ShardException">The file has no footer; the message is the end of a sentence that names the file.</exception>
    public ReadStream(Stream file)
    {
        _file = file;
        _footerEnd = file.Length - Tail;
        var footer = FooterBytes();
        BinaryPrimitives.WriteInt32LittleEndian(_end.AsSpan(Zeros), footer + Zeros);
        "PAR1"u8.CopyTo(_end.AsSpan(Zeros + 4));
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _footerEnd + _end.Length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        if (Position < 0 || Position >= Length)
            throw new EndOfStreamException($"byte {Position} is beyond its end");
        int read;
        if (Position < _footerEnd)
        {
            _file.Position = Position;
            read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _footerEnd - Position)]);
            if (read == 0)
                throw new EndOfStreamException("it ends before its end");
        }
        else
        {
            var rest = _end.AsSpan((int)(Position - _footerEnd));
            read = Math.Min(buffer.Length, rest.Length);
            rest[..read].CopyTo(buffer);
        }

        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => Position,
                _ => Length,
            };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private int FooterBytes()
    {
        if (_file.Length == 0)
            throw Damage("it is empty");
        Span<byte> begin = stackalloc byte[4];
        Span<byte> end = stackalloc byte[Tail];
        if (_file.Length < begin.Length + end.Length)
            throw Damage($"{_file.Length} bytes are too few for a Parquet file");
        _file.Position = 0;
        _file.ReadExactly(begin);
        _file.Position = _footerEnd;
        _file.ReadExactly(end);
        if (end[4..].SequenceEqual("PARE"u8))
            throw new ShardException(ShardError.Unsupported, "it is encrypted");
        if (!begin.SequenceEqual("PAR1"u8))
            throw Damage("it does not begin as a Parquet file");
        if (!end[4..].SequenceEqual("PAR1"u8))
            throw Damage("it begins as a Parquet file and does not end as one: it may be cut short");
        var footer = BinaryPrimitives.ReadInt32LittleEndian(end);
        return footer > 0 && footer <= _footerEnd - begin.Length
            ? footer
            : throw Damage($"its footer claims {footer} bytes of {_file.Length}");
    }

    private static ShardException Damage(string problem) => new(ShardError.Corrupt, problem);
}
