using System.Collections.Concurrent;

namespace ConvoSynth.ObjectStorage.S3;

/// <summary>
/// Entries of logs that were read lately. A resumed run reads the answers of one batch, which is one entry, at about the same time.
/// </summary>
/// <param name="fetch">Gets the objects of these keys.</param>
internal sealed class ReadEntries(Func<string[], byte[][]> fetch)
{
    private const long MaxBytes = 64 << 20;

    private readonly ConcurrentDictionary<string, byte[]> _entries = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Entries never change, so that a kept one is as good as the store's.</summary>
    public byte[][] Get(string[] keys)
    {
        if (keys is [var only] && _entries.TryGetValue(only, out var kept))
            return [kept];
        var entries = fetch(keys);
        // A whole log that is read from end to end would only push out what is of use.
        if (keys is [var key] && _entries.TryAdd(key, entries[0]) && Interlocked.Add(ref _bytes, entries[0].Length) > MaxBytes)
        {
            _entries.Clear();
            Interlocked.Exchange(ref _bytes, 0);
        }

        return entries;
    }
}
