namespace ConvoSynth.Shards.Parquet;

/// <summary>Adds up the row that is being written, over all its columns, and refuses what would make it larger than a row may be.</summary>
internal sealed class RowSize(int limit)
{
    private long _bytes;

    public void Add(long bytes, SchemaLeaf leaf)
    {
        Require(bytes, leaf);
        _bytes += bytes;
    }

    /// <exception cref="ShardException">The row has no room for so many bytes.</exception>
    public void Require(long bytes, SchemaLeaf leaf)
    {
        if (bytes > limit - _bytes)
            throw new ShardException(
                ShardFault.BadRow, $"column '{leaf.DottedPath}': with a value of {bytes} bytes the row has {_bytes + bytes}, and it may have {limit}: make it smaller or raise {nameof(ParquetWriterOptions.RowBytes)}.");
    }

    public void EndRow() => _bytes = 0;
}
