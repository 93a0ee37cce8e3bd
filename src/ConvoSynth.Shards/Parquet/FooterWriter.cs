namespace ConvoSynth.Shards.Parquet;

/// <summary>Serializes <c>FileMetaData</c> of parquet.thrift: schema, row groups, metadata.</summary>
internal static class FooterWriter
{
    // Format version 1: data pages of version 1 and no encoding that came with version 2 except RLE_DICTIONARY, which every reader takes.
    private const int FormatVersion = 1;
    private const string CreatedBy = "convosynth version 0.1.0";

    public static ByteBuffer Write(
        ParquetSchema schema, IReadOnlyList<RowGroupRecord> groups, IReadOnlyList<KeyValuePair<string, string>> metadata, Codec codec)
    {
        var bytes = new ByteBuffer();
        var thrift = new CompactWriter(bytes);
        thrift.BeginElement();
        thrift.I32(1, FormatVersion);
        thrift.BeginList(2, CompactType.Struct, CountElements(schema.Root));
        Root(thrift, schema.Root);
        thrift.I64(3, groups.Sum(group => group.Rows));
        thrift.BeginList(4, CompactType.Struct, groups.Count);
        for (var i = 0; i < groups.Count; i++)
            RowGroup(thrift, groups[i], i, codec);
        if (metadata.Count > 0)
        {
            thrift.BeginList(5, CompactType.Struct, metadata.Count);
            foreach (var (key, value) in metadata)
            {
                thrift.BeginElement();
                thrift.Text(1, key);
                thrift.Text(2, value);
                thrift.EndStruct();
            }
        }

        thrift.Text(6, CreatedBy);
        thrift.BeginList(7, CompactType.Struct, schema.Leaves.Count);
        foreach (var _ in schema.Leaves)
        {
            thrift.BeginElement();
            thrift.Empty(1);
            thrift.EndStruct();
        }

        thrift.EndStruct();
        return bytes;
    }

    private static int CountElements(SchemaNode node) =>
        (node.Field is ListField ? 2 : 1) + node.Children.Sum(CountElements);

    private static void Root(CompactWriter thrift, SchemaNode root)
    {
        thrift.BeginElement();
        thrift.Text(4, "schema");
        thrift.I32(5, root.Children.Count);
        thrift.EndStruct();
        foreach (var child in root.Children)
            Element(thrift, child, child.Field.Name);
    }

    private static void Element(CompactWriter thrift, SchemaNode node, string name)
    {
        thrift.BeginElement();
        if (node.Field is PrimitiveField { Type: var type })
            thrift.I32(1, (int)type);
        thrift.I32(3, node.Field.Optional ? 1 : 0);
        thrift.Text(4, name);
        if (node.Children.Count > 0)
            thrift.I32(5, node.Children.Count);
        var (converted, logical) = node.Field switch
        {
            PrimitiveField { Annotation: Annotation.String } => (0, 1),
            PrimitiveField { Annotation: Annotation.Json } => (19, 12),
            ListField => (3, 3),
            _ => (-1, -1),
        };
        if (converted >= 0)
        {
            thrift.I32(6, converted);
            thrift.BeginStruct(10);
            thrift.Empty(logical);
            thrift.EndStruct();
        }

        thrift.EndStruct();
        if (node.Field is ListField)
        {
            thrift.BeginElement();
            thrift.I32(3, 2);
            thrift.Text(4, "list");
            thrift.I32(5, 1);
            thrift.EndStruct();
            Element(thrift, node.Children[0], "element");
            return;
        }

        foreach (var child in node.Children)
            Element(thrift, child, child.Field.Name);
    }

    private static void RowGroup(CompactWriter thrift, RowGroupRecord group, int ordinal, Codec codec)
    {
        thrift.BeginElement();
        thrift.BeginList(1, CompactType.Struct, group.Chunks.Count);
        foreach (var chunk in group.Chunks)
        {
            thrift.BeginElement();
            thrift.I64(2, 0);
            Column(thrift, chunk, codec);
            if (chunk.PageIndex is { } index)
            {
                thrift.I64(4, chunk.OffsetIndexOffset);
                thrift.I32(5, index.Offsets.Length);
                if (index.Columns is { } columns)
                {
                    thrift.I64(6, chunk.ColumnIndexOffset);
                    thrift.I32(7, columns.Length);
                }
            }

            thrift.EndStruct();
        }

        thrift.I64(2, group.Chunks.Sum(chunk => chunk.UncompressedBytes));
        thrift.I64(3, group.Rows);
        thrift.I64(5, group.Position);
        thrift.I64(6, group.Chunks.Sum(chunk => chunk.CompressedBytes));
        if (ordinal <= short.MaxValue)
            thrift.I16(7, (short)ordinal);
        thrift.EndStruct();
    }

    private static void Column(CompactWriter thrift, ColumnChunkRecord chunk, Codec codec)
    {
        thrift.BeginStruct(3);
        thrift.I32(1, (int)chunk.Leaf.Field.Type);
        var encodings = Encodings(chunk).ToArray();
        thrift.BeginList(2, CompactType.I32, encodings.Length);
        foreach (var encoding in encodings)
            thrift.I32Element((int)encoding);
        thrift.BeginList(3, CompactType.Binary, chunk.Leaf.Path.Count);
        foreach (var part in chunk.Leaf.Path)
            thrift.TextElement(part);
        thrift.I32(4, (int)codec);
        thrift.I64(5, chunk.Entries);
        thrift.I64(6, chunk.UncompressedBytes);
        thrift.I64(7, chunk.CompressedBytes);
        thrift.I64(9, chunk.DataOffset);
        if (chunk.DictionaryOffset is { } dictionary)
            thrift.I64(11, dictionary);
        thrift.Prepared(12, chunk.Statistics);
        EncodingStatistics(thrift, chunk);
        thrift.EndStruct();
    }

    private static IEnumerable<PageEncoding> Encodings(ColumnChunkRecord chunk)
    {
        yield return PageEncoding.Plain;
        yield return PageEncoding.Rle;
        if (chunk.DictionaryPages > 0)
            yield return PageEncoding.RleDictionary;
    }

    private static void EncodingStatistics(CompactWriter thrift, ColumnChunkRecord chunk)
    {
        var rows = new List<(PageType Page, PageEncoding Encoding, int Count)>(3);
        if (chunk.DictionaryPages > 0)
        {
            rows.Add((PageType.Dictionary, PageEncoding.Plain, 1));
            rows.Add((PageType.Data, PageEncoding.RleDictionary, chunk.DictionaryPages));
        }

        if (chunk.PlainPages > 0)
            rows.Add((PageType.Data, PageEncoding.Plain, chunk.PlainPages));
        thrift.BeginList(13, CompactType.Struct, rows.Count);
        foreach (var (page, encoding, count) in rows)
        {
            thrift.BeginElement();
            thrift.I32(1, (int)page);
            thrift.I32(2, (int)encoding);
            thrift.I32(3, count);
            thrift.EndStruct();
        }
    }
}
