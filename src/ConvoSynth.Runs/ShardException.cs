namespace ConvoSynth.Runs;

/// <summary>The kind of error, so that a caller can act on it without parsing the message.</summary>
public enum ShardError
{
    /// <summary>The bytes contradict the format or the manifest; the file must be written again.</summary>
    Corrupt,

    /// <summary>The file is sound but uses a feature of the format that this reader lacks, such as a codec.</summary>
    Unsupported,

    /// <summary>A row cannot be written as it is; the shard is unaffected.</summary>
    BadRow,

    /// <summary>The device or quota is full.</summary>
    DiskFull,

    /// <summary>The folder or file is not writable.</summary>
    ReadOnly,

    /// <summary>A newer owner has claimed the partition: this owner is fenced and may neither write nor commit.</summary>
    LostOwnership,

    /// <summary>Another process holds the file at the moment; retry later.</summary>
    Busy,

    /// <summary>Any other failure of storage.</summary>
    Storage,
}

/// <summary>A shard, or the record of shards, could not be read or written. The message is one sentence that names the file.</summary>
public sealed class ShardException : IOException
{
    public ShardException(ShardError fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public ShardError Fault { get; }
}
