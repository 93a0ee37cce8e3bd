using ConvoSynth.Export.Files;

namespace ConvoSynth.Export.Exports;

/// <summary>The files of all splits; a split without records has none.</summary>
internal sealed class SplitFiles<T>(Func<string, IRecordFiles<T>> begin) : IDisposable
{
    private readonly SortedDictionary<string, IRecordFiles<T>> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _records = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Records => _records;

    /// <summary>The splits that have records, train first.</summary>
    public IReadOnlyList<string> Splits => [.. _records.Keys.OrderBy(split => split != Filters.SplitShares.Train).ThenBy(split => split)];

    public void Write(string split, T record)
    {
        if (!_files.TryGetValue(split, out var files))
            _files[split] = files = begin(split);
        files.Write(record);
        _records[split] = _records.GetValueOrDefault(split) + 1;
    }

    public IReadOnlyList<WrittenFile> Finish() => [.. _files.Values.SelectMany(files => files.Finish())];

    public void Dispose()
    {
        foreach (var files in _files.Values)
            files.Dispose();
    }
}
