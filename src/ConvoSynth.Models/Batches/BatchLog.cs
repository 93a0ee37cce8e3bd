using System.Collections.Immutable;

namespace ConvoSynth.Models.Batches;

/// <summary>An entry of a batch log: a file with its requests, or what became of one.</summary>
/// <param name="File">The provider's id of the file from which a batch is created.</param>
public sealed record BatchEntry(string File)
{
    /// <summary>The ids of the file's requests, in its first entry; empty in later ones.</summary>
    public ImmutableArray<string> Requests { get; init; } = [];

    /// <summary>An estimate of the input tokens of the file's requests, in its first entry.</summary>
    public long Tokens { get; init; }

    /// <summary>The id of the batch that was created; a later entry replaces it.</summary>
    public string? Batch { get; init; }

    /// <summary>Whether requests of it that have no answer are sent again with another file.</summary>
    public bool IsClosed { get; init; }
}

/// <summary>The files and batches of one endpoint in one run, each durable before it is relied on.</summary>
public interface IBatchLog
{
    /// <summary>Whether other processes may write it meanwhile.</summary>
    bool IsShared { get; }

    /// <exception cref="Journal.JournalException">Storage failed.</exception>
    ValueTask<ImmutableArray<BatchEntry>> Read();

    /// <summary>Appends an entry, if the log has no more entries than the caller knows. Returns when it is durable.</summary>
    /// <param name="known">How many entries the caller knows.</param>
    /// <returns>Whether it was appended.</returns>
    /// <exception cref="Journal.JournalException">Storage failed.</exception>
    ValueTask<bool> Append(int known, BatchEntry entry);
}

/// <summary>The log of a process that keeps nothing.</summary>
internal sealed class MemoryBatchLog : IBatchLog
{
    private ImmutableArray<BatchEntry> _entries = [];

    public bool IsShared => false;

    public ValueTask<ImmutableArray<BatchEntry>> Read() => new(_entries);

    public ValueTask<bool> Append(int known, BatchEntry entry)
    {
        if (known != _entries.Length)
            return new(false);
        _entries = _entries.Add(entry);
        return new(true);
    }
}
