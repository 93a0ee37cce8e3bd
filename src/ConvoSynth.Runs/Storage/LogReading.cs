namespace ConvoSynth.Runs.Storage;

/// <summary>The end of a log, after which an append goes.</summary>
/// <param name="Number">What the storage counts: bytes, or entries.</param>
public readonly record struct LogPosition(long Number)
{
    /// <summary>Bytes after the last whole entry, as a crash may leave them in a file. The next append removes exactly these.</summary>
    public ReadOnlyMemory<byte> Torn { get; init; }

    /// <summary>Whether this caller has appended here, so that the log's name is known to be durable.</summary>
    public bool IsOwn { get; init; }

    public static LogPosition Start => default;

    /// <summary>For storages that never leave half an entry.</summary>
    /// <exception cref="ShardException">There is one.</exception>
    public void RequireWhole(string path)
    {
        if (!Torn.IsEmpty)
            throw new ShardException(ShardError.Corrupt, $"'{path}' is damaged at its end: restore it.");
    }
}

/// <summary>A log as it was when it was opened.</summary>
/// <param name="end">Asked when it is needed: a store may have to ask for the length.</param>
public sealed class LogReading(Stream content, Func<LogPosition> end) : IDisposable
{
    /// <summary>All entries, one after the other; seekable.</summary>
    public Stream Content { get; } = content;

    public LogPosition End => end();

    public byte[] ReadAll()
    {
        var bytes = new byte[Content.Length];
        Content.Position = 0;
        Content.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The end, if only the first bytes are whole entries.</summary>
    /// <exception cref="ShardException">The storage never leaves half an entry, so the rest is damage.</exception>
    public LogPosition EndAfter(int sound, byte[] all, string path)
    {
        if (sound == all.Length)
            return End;
        return End.Number == all.Length
            ? new LogPosition(sound) { Torn = all.AsMemory(sound) }
            : throw new ShardException(ShardError.Corrupt, $"'{path}' is damaged: its last entry is neither a claim nor a commit.");
    }

    public void Dispose() => Content.Dispose();
}
