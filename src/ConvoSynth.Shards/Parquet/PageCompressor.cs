using System.IO.Compression;

namespace ConvoSynth.Shards.Parquet;

/// <summary>Compresses one page at a time into a buffer that it keeps.</summary>
internal sealed class PageCompressor(Codec codec, int brotliQuality) : IDisposable
{
    // 4 MiB: a page is rarely larger, and repeats between the rows of a page are where the gain is.
    private const int BrotliWindow = 22;
    private readonly ByteBuffer _output = new();
    private readonly MemoryStream _stream = new();

    /// <summary>The compressed bytes; they stay valid until the next call.</summary>
    public ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> page)
    {
        switch (codec)
        {
            case Codec.Brotli:
                _output.Clear();
                var room = _output.Room(BrotliEncoder.GetMaxCompressedLength(page.Length));
                if (!BrotliEncoder.TryCompress(page, room, out var written, brotliQuality, BrotliWindow))
                    throw new InvalidOperationException($"Brotli left no result for a page of {page.Length} bytes.");
                _output.Advance(written);
                return _output.Span;
            case Codec.Gzip:
                _stream.SetLength(0);
                using (var gzip = new GZipStream(_stream, CompressionLevel.Optimal, leaveOpen: true))
                    gzip.Write(page);
                return _stream.GetBuffer().AsSpan(0, (int)_stream.Length);
            default:
                return page;
        }
    }

    /// <summary>Lets buffers go that one large row has made longer than <paramref name="keep"/> bytes.</summary>
    public void Trim(int keep)
    {
        _output.Clear(keep);
        _stream.SetLength(0);
        if (_stream.Capacity > keep)
            _stream.Capacity = 0;
    }

    public void Dispose() => _stream.Dispose();
}
