namespace ConvoSynth.Shards;

/// <summary>What kind of trouble a shard is in, so that a caller can act on it without reading the sentence.</summary>
public enum ShardFault
{
    /// <summary>The bytes are not what the format or the manifest says; the file must be written again.</summary>
    Corrupt,

    /// <summary>The file is sound but uses a part of the format that this reader does not have, such as a codec.</summary>
    Unsupported,

    /// <summary>A row cannot be written as it is; the shard is untouched by it.</summary>
    BadRow,

    /// <summary>The device or quota is full.</summary>
    DiskFull,

    /// <summary>The folder or file may not be written.</summary>
    ReadOnly,

    /// <summary>A newer owner has taken the partition over; this one may neither write nor commit.</summary>
    LostOwnership,

    /// <summary>Another process holds the file at this moment; trying again later is right.</summary>
    Busy,

    /// <summary>Any other failure of storage.</summary>
    Storage,
}

/// <summary>A shard, or the record of shards, could not be read or written. The message is one sentence that names the file.</summary>
public sealed class ShardException : IOException
{
    public ShardException(ShardFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public ShardFault Fault { get; }
}
