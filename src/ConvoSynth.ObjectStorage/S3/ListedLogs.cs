using System.Collections.Concurrent;

namespace ConvoSynth.ObjectStorage.S3;

/// <summary>
/// The lengths of the entries of logs that were read lately. Entries never change, so that a reader of an early one needs no list of all.
/// </summary>
internal sealed class ListedLogs
{
    private const int MaxLogs = 256;

    private readonly ConcurrentDictionary<string, long[]> _sizes = new(StringComparer.Ordinal);

    /// <returns>Null if the log is not known, or not so far.</returns>
    public long[]? Of(string path, long? upTo) =>
        upTo is { } bytes && _sizes.TryGetValue(path, out var sizes) && sizes.Sum() >= bytes ? sizes : null;

    public long[] Keep(string path, long[] sizes)
    {
        if (_sizes.Count >= MaxLogs)
            _sizes.Clear();
        return _sizes[path] = sizes;
    }
}
