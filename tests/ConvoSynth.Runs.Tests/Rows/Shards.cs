using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Runs.Tests.Rows;

/// <summary>Shards in memory.</summary>
internal static class Shards
{
    public static (byte[] Bytes, ShardDigest Digest) Write(IEnumerable<ShardRow> rows, ParquetShardOptions? options = null)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetShards(options).Begin(stream);
        foreach (var row in rows)
            writer.Append(row);
        var digest = writer.Finish();
        return (stream.ToArray(), digest);
    }

    public static ShardFile Open(byte[] bytes) => ShardFile.Open(new MemoryStream(bytes), "shard.parquet");

    /// <summary>The rows of a shard, each as a line for comparison.</summary>
    public static List<string> Shown(byte[] bytes)
    {
        using var file = Open(bytes);
        return [.. file.Read().Select(SyntheticRows.Show)];
    }
}
