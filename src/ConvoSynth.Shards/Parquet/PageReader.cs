namespace ConvoSynth.Shards.Parquet;

/// <summary>A page header, as far as reading needs it.</summary>
internal sealed record PageHeader
{
    public PageType Type { get; private set; } = (PageType)(-1);

    public int UncompressedBytes { get; private set; } = -1;

    public int CompressedBytes { get; private set; } = -1;

    /// <summary>The CRC of the compressed bytes, where the writer gave one.</summary>
    public uint? Crc { get; private set; }

    public int Entries { get; private set; } = -1;

    public PageEncoding Encoding { get; private set; }

    public PageEncoding DefinitionEncoding { get; private set; } = PageEncoding.Rle;

    public PageEncoding RepetitionEncoding { get; private set; } = PageEncoding.Rle;

    public int DefinitionBytes { get; private set; }

    public int RepetitionBytes { get; private set; }

    public bool IsCompressed { get; private set; } = true;

    public static PageHeader Read(ref CompactReader thrift)
    {
        var header = new PageHeader();
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1 when type == CompactType.I32:
                    header.Type = (PageType)thrift.I32();
                    break;
                case 2 when type == CompactType.I32:
                    header.UncompressedBytes = thrift.I32();
                    break;
                case 3 when type == CompactType.I32:
                    header.CompressedBytes = thrift.I32();
                    break;
                case 4 when type == CompactType.I32:
                    header.Crc = (uint)thrift.I32();
                    break;
                case 5 or 7 or 8 when type == CompactType.Struct:
                    header.ReadPart(ref thrift, id);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return header;
    }

    // The three kinds of page number their fields alike as far as the encoding; the rest differs.
    private void ReadPart(ref CompactReader thrift, int part)
    {
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (part, id)
            {
                case (_, 1) when type == CompactType.I32:
                    Entries = thrift.I32();
                    break;
                case (5 or 7, 2) or (8, 4) when type == CompactType.I32:
                    Encoding = (PageEncoding)thrift.I32();
                    break;
                case (5, 3) when type == CompactType.I32:
                    DefinitionEncoding = (PageEncoding)thrift.I32();
                    break;
                case (5, 4) when type == CompactType.I32:
                    RepetitionEncoding = (PageEncoding)thrift.I32();
                    break;
                case (8, 5) when type == CompactType.I32:
                    DefinitionBytes = thrift.I32();
                    break;
                case (8, 6) when type == CompactType.I32:
                    RepetitionBytes = thrift.I32();
                    break;
                case (8, 7) when type is CompactType.True or CompactType.False:
                    IsCompressed = type == CompactType.True;
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }
    }
}

/// <summary>Walks the pages of one column chunk.</summary>
internal sealed class PageReader(Stream file, ChunkMetadata chunk)
{
    // Our own headers take some 30 bytes; with page statistics of others a few hundred.
    private const int FirstWindow = 1 << 10;
    private const int LargestHeader = 16 << 20;
    private readonly byte[] _window = new byte[FirstWindow];
    private long _position = chunk.Start;

    /// <summary>Whether something follows the last page that was read.</summary>
    public bool HasMore => _position < End;

    private long End => chunk.Start + chunk.CompressedBytes;

    /// <summary>Goes on with the page at a place of the file, which lies in the chunk.</summary>
    public void MoveTo(long position) => _position = position;

    public PageHeader NextHeader()
    {
        for (var window = FirstWindow; ; window *= 8)
        {
            var count = (int)Math.Min(window, End - _position);
            var bytes = count > FirstWindow ? GC.AllocateUninitializedArray<byte>(count) : _window.AsSpan(0, count);
            ReadAt(_position, bytes);
            if (bytes.Length == 0)
                throw new DamageException("a column has fewer values than the footer says");
            try
            {
                var thrift = new CompactReader(bytes);
                var header = PageHeader.Read(ref thrift);
                _position += thrift.Position;
                return header;
            }
            catch (DamageException) when (bytes.Length == window && window < LargestHeader)
            {
                // The header may go on past the window: look again with a larger one.
            }
        }
    }

    /// <summary>The page's payload, with what stands uncompressed before it in a page of version 2.</summary>
    public byte[] Payload(PageHeader header)
    {
        var plain = header.Type == PageType.DataV2 ? (long)header.DefinitionBytes + header.RepetitionBytes : 0;
        var (compressed, size) = (header.CompressedBytes, header.UncompressedBytes);
        if (compressed < 0 || size < 0 || compressed > End - _position || header.DefinitionBytes < 0 || header.RepetitionBytes < 0
            || plain > compressed || plain > size || size > Array.MaxLength)
            throw new DamageException($"a page claims {compressed} bytes, {size} uncompressed, where its column has {End - _position} left");
        var bytes = GC.AllocateUninitializedArray<byte>(compressed);
        ReadAt(_position, bytes);
        _position += compressed;
        if (header.Crc is { } crc && crc != Crc32.Of(bytes))
            throw new DamageException("the bytes of a page are not those that its checksum is of");
        var codec = header.IsCompressed ? chunk.Codec : Codec.Uncompressed;
        if (codec == Codec.Uncompressed && compressed == size)
            return bytes;
        var payload = PageDecompressor.Decompress(codec, bytes.AsMemory((int)plain), size, (int)plain);
        bytes.AsSpan(0, (int)plain).CopyTo(payload);
        return payload;
    }

    public void SkipPayload(PageHeader header)
    {
        if (header.CompressedBytes < 0 || header.CompressedBytes > End - _position)
            throw new DamageException($"a page claims {header.CompressedBytes} bytes where its column has {End - _position} left");
        _position += header.CompressedBytes;
    }

    private void ReadAt(long position, Span<byte> bytes)
    {
        file.Position = position;
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length)
            throw new DamageException("it is shorter than its footer says");
    }
}
