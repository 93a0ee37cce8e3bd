using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ConvoSynth.Shards.Parquet;

/// <summary>Decompresses pages. What a page claims to hold is believed only as far as its bytes bear it out.</summary>
internal static class PageDecompressor
{
    /// <summary>What a header's claim is trusted with before any byte has come out: pages of text rarely shrink to less than a 64th.</summary>
    private static int FirstTrust(int size, int prefix, int input) => (int)Math.Min(size, prefix + Math.Max(64 << 10, input * 64L));

    /// <summary>Decompresses into an array of exactly <paramref name="size"/> bytes, of which the first <paramref name="prefix"/> are left free.</summary>
    public static byte[] Decompress(Codec codec, ReadOnlyMemory<byte> input, int size, int prefix)
    {
        // Some writers leave out the stream altogether where there is nothing in it.
        if (size == prefix && input.IsEmpty)
            return new byte[size];
        switch (codec)
        {
            case Codec.Uncompressed:
                if (input.Length != size - prefix)
                    throw Bad(codec);
                var copy = GC.AllocateUninitializedArray<byte>(size);
                input.Span.CopyTo(copy.AsSpan(prefix));
                return copy;
            case Codec.Snappy:
                // The densest Snappy copy yields 64 bytes from 3.
                if (size - prefix > (input.Length * 22L) + 64)
                    throw Bad(codec);
                var whole = GC.AllocateUninitializedArray<byte>(size);
                Snappy.Decompress(input.Span, whole.AsSpan(prefix));
                return whole;
            case Codec.Brotli:
                return Brotli(input.Span, size, prefix);
            case Codec.Gzip:
                return Gzip(input, size, prefix);
            default:
                var name = Enum.IsDefined(codec) ? codec.ToString().ToUpperInvariant() : $"number {(int)codec}";
                throw new DamageException($"its codec {name} is not one of UNCOMPRESSED, SNAPPY, GZIP and BROTLI", ShardFault.Unsupported);
        }
    }

    private static byte[] Brotli(ReadOnlySpan<byte> input, int size, int prefix)
    {
        var output = GC.AllocateUninitializedArray<byte>(FirstTrust(size, prefix, input.Length));
        var written = prefix;
        using var decoder = new BrotliDecoder();
        while (true)
        {
            var status = decoder.Decompress(input, output.AsSpan(written), out var consumed, out var produced);
            input = input[consumed..];
            written += produced;
            switch (status)
            {
                case System.Buffers.OperationStatus.Done when written == size && output.Length == size:
                    return output;
                case System.Buffers.OperationStatus.DestinationTooSmall when output.Length < size:
                    Array.Resize(ref output, (int)Math.Min(size, output.Length * 2L));
                    break;
                default:
                    throw Bad(Codec.Brotli);
            }
        }
    }

    private static byte[] Gzip(ReadOnlyMemory<byte> input, int size, int prefix)
    {
        var output = GC.AllocateUninitializedArray<byte>(FirstTrust(size, prefix, input.Length));
        var written = prefix;
        try
        {
            using var gzip = new GZipStream(Open(input), CompressionMode.Decompress);
            while (true)
            {
                var read = written < output.Length ? gzip.Read(output, written, output.Length - written) : 0;
                written += read;
                if (written == size)
                    return gzip.ReadByte() < 0 ? output : throw Bad(Codec.Gzip);
                if (written == output.Length)
                    Array.Resize(ref output, (int)Math.Min(size, output.Length * 2L));
                else if (read == 0)
                    throw Bad(Codec.Gzip);
            }
        }
        catch (InvalidDataException e)
        {
            throw new DamageException("a page does not decompress (Gzip)", inner: e);
        }
    }

    private static MemoryStream Open(ReadOnlyMemory<byte> input) => MemoryMarshal.TryGetArray(input, out var segment)
        ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
        : new MemoryStream(input.ToArray(), writable: false);

    private static DamageException Bad(Codec codec) => new($"a page does not decompress ({codec})");
}
