namespace ConvoSynth.Shards.Parquet;

/// <summary>Parses <c>FileMetaData</c> of parquet.thrift and holds it against itself and the length of the file.</summary>
internal static class FooterReader
{
    public static FileMetadata Read(ReadOnlySpan<byte> footer, long dataEnd)
    {
        var thrift = new CompactReader(footer);
        var elements = new List<SchemaElement>();
        var groups = new List<RowGroupMetadata>();
        var pairs = new List<KeyValuePair<string, string>>();
        long rows = -1;
        var createdBy = "";
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 2 when type == CompactType.List:
                    for (var left = thrift.List(out _); left > 0; left--)
                        elements.Add(SchemaElement.Read(ref thrift));
                    break;
                case 3 when type == CompactType.I64:
                    rows = thrift.I64();
                    break;
                case 4 when type == CompactType.List:
                    for (var left = thrift.List(out _); left > 0; left--)
                        groups.Add(ReadGroup(ref thrift));
                    break;
                case 5 when type == CompactType.List:
                    for (var left = thrift.List(out _); left > 0; left--)
                        pairs.Add(ReadPair(ref thrift));
                    break;
                case 6 when type == CompactType.Binary:
                    createdBy = thrift.Text();
                    break;
                case 8:
                    throw new DamageException("it is encrypted", ShardFault.Unsupported);
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        var schema = SchemaReader.Build(elements);
        Check(schema, rows, groups, dataEnd);
        return new FileMetadata(schema, rows, groups, pairs, createdBy);
    }

    private static void Check(ParquetSchema schema, long rows, List<RowGroupMetadata> groups, long dataEnd)
    {
        long sum = 0;
        foreach (var group in groups)
        {
            if (group.Rows < 0 || group.Rows > long.MaxValue - sum)
                throw new DamageException($"a row group claims {group.Rows} rows");
            sum += group.Rows;
            if (group.Chunks.Count != schema.Leaves.Count)
                throw new DamageException($"a row group has {group.Chunks.Count} columns where the schema has {schema.Leaves.Count}");
            long unpacked = 0;
            for (var i = 0; i < group.Chunks.Count; i++)
            {
                Check(schema.Leaves[i], group.Chunks[i], group.Rows, dataEnd);
                if (group.Chunks[i].UncompressedBytes < 0 || group.Chunks[i].UncompressedBytes > long.MaxValue - unpacked)
                    throw new DamageException($"column '{schema.Leaves[i].DottedPath}' claims {group.Chunks[i].UncompressedBytes} bytes");
                unpacked += group.Chunks[i].UncompressedBytes;
            }
        }

        if (sum != rows)
            throw new DamageException($"its row groups have {sum} rows where the footer says {rows}");
    }

    private static void Check(SchemaLeaf leaf, ChunkMetadata chunk, long rows, long dataEnd)
    {
        if (chunk.InAnotherFile)
            throw new DamageException($"column '{leaf.DottedPath}' is kept in another file", ShardFault.Unsupported);
        if (chunk.Type != leaf.Field.Type)
            throw new DamageException($"column '{leaf.DottedPath}' is {leaf.Field.Type} in the schema and {chunk.Type} in a row group");
        if (chunk.Start < 4 || chunk.CompressedBytes < 0 || chunk.Start > dataEnd || chunk.CompressedBytes > dataEnd - chunk.Start)
            throw new DamageException($"column '{leaf.DottedPath}' lies outside the file");
        if (chunk.Entries < rows || (leaf.MaxRepetition == 0 && chunk.Entries != rows))
            throw new DamageException($"column '{leaf.DottedPath}' has {chunk.Entries} entries for {rows} rows");
        if (!IsInside(chunk.OffsetIndexOffset, chunk.OffsetIndexBytes, dataEnd) || !IsInside(chunk.ColumnIndexOffset, chunk.ColumnIndexBytes, dataEnd))
            throw new DamageException($"the page index of column '{leaf.DottedPath}' lies outside the file");
    }

    private static bool IsInside(long? offset, int count, long dataEnd) =>
        offset is null || (offset >= 4 && count > 0 && offset <= dataEnd && count <= dataEnd - offset);

    private static KeyValuePair<string, string> ReadPair(ref CompactReader thrift)
    {
        var (key, value, id) = ("", "", 0);
        while (thrift.NextField(ref id, out var type))
        {
            if (id == 1 && type == CompactType.Binary)
                key = thrift.Text();
            else if (id == 2 && type == CompactType.Binary)
                value = thrift.Text();
            else
                thrift.Skip(type);
        }

        return new(key, value);
    }

    private static RowGroupMetadata ReadGroup(ref CompactReader thrift)
    {
        var chunks = new List<ChunkMetadata>();
        long rows = -1;
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            if (id == 1 && type == CompactType.List)
                for (var left = thrift.List(out _); left > 0; left--)
                    chunks.Add(ReadChunk(ref thrift));
            else if (id == 3 && type == CompactType.I64)
                rows = thrift.I64();
            else
                thrift.Skip(type);
        }

        return new RowGroupMetadata(rows, chunks);
    }

    private static ChunkMetadata ReadChunk(ref CompactReader thrift)
    {
        var chunk = new ChunkMetadata { Entries = -1 };
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    chunk.InAnotherFile = true;
                    thrift.Skip(type);
                    break;
                case 3 when type == CompactType.Struct:
                    ReadColumn(ref thrift, chunk);
                    break;
                case 4 when type == CompactType.I64:
                    chunk.OffsetIndexOffset = thrift.I64();
                    break;
                case 5 when type == CompactType.I32:
                    chunk.OffsetIndexBytes = thrift.I32();
                    break;
                case 6 when type == CompactType.I64:
                    chunk.ColumnIndexOffset = thrift.I64();
                    break;
                case 7 when type == CompactType.I32:
                    chunk.ColumnIndexBytes = thrift.I32();
                    break;
                case 8:
                    throw new DamageException("it is encrypted", ShardFault.Unsupported);
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return chunk;
    }

    private static void ReadColumn(ref CompactReader thrift, ChunkMetadata chunk)
    {
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1 when type == CompactType.I32:
                    chunk.Type = (PhysicalType)thrift.I32();
                    break;
                case 2 when type == CompactType.List:
                    var encodings = new int[thrift.List(out _)];
                    for (var i = 0; i < encodings.Length; i++)
                        encodings[i] = thrift.I32();
                    chunk.Encodings = encodings;
                    break;
                case 4 when type == CompactType.I32:
                    chunk.Codec = (Codec)thrift.I32();
                    break;
                case 5 when type == CompactType.I64:
                    chunk.Entries = thrift.I64();
                    break;
                case 6 when type == CompactType.I64:
                    chunk.UncompressedBytes = thrift.I64();
                    break;
                case 7 when type == CompactType.I64:
                    chunk.CompressedBytes = thrift.I64();
                    break;
                case 9 when type == CompactType.I64:
                    chunk.DataOffset = thrift.I64();
                    break;
                case 11 when type == CompactType.I64:
                    chunk.DictionaryOffset = thrift.I64();
                    break;
                case 12 when type == CompactType.Struct:
                    chunk.Statistics = ReadStatistics(ref thrift);
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }
    }

    private static ChunkStatistics ReadStatistics(ref CompactReader thrift)
    {
        var statistics = new ChunkStatistics(null, null, false, false, null);
        var id = 0;
        while (thrift.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 3 when type == CompactType.I64:
                    statistics = statistics with { Nulls = thrift.I64() };
                    break;
                case 5 when type == CompactType.Binary:
                    statistics = statistics with { Max = thrift.Binary().ToArray() };
                    break;
                case 6 when type == CompactType.Binary:
                    statistics = statistics with { Min = thrift.Binary().ToArray() };
                    break;
                case 7 when type is CompactType.True or CompactType.False:
                    statistics = statistics with { MaxExact = type == CompactType.True };
                    break;
                case 8 when type is CompactType.True or CompactType.False:
                    statistics = statistics with { MinExact = type == CompactType.True };
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }

        return statistics;
    }
}
