namespace ConvoSynth.Runs.Folders;

/// <summary>When a shard is full. Both limits depend on rows only, so a partition that is written again has the same shards.</summary>
public sealed record ShardLimits
{
    /// <value>Bytes of all rows, before encoding, after which the shard is committed, 1 to 64 GB. Default 500 MB.</value>
    public long Bytes { get; init; } = 500_000_000;

    /// <value>Indexes after which the shard is committed, 1 to 10,000,000. Default 50,000.</value>
    public int Indexes { get; init; } = 50_000;

    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    public void Validate()
    {
        if (Bytes is < 1 or > 64_000_000_000)
            throw new ArgumentOutOfRangeException(nameof(Bytes), $"Bytes is {Bytes}: it must be from 1 to 64000000000.");
        if (Indexes is < 1 or > 10_000_000)
            throw new ArgumentOutOfRangeException(nameof(Indexes), $"Indexes is {Indexes}: it must be from 1 to 10000000.");
    }
}
