namespace ConvoSynth.Runs.Rows;

/// <summary>The entries of one column of a row group, in an array that is reused for the next group.</summary>
internal sealed class ColumnBuffer<T>
{
    private T[] _entries = new T[64];

    public int Count { get; private set; }

    public ReadOnlyMemory<T> Entries => _entries.AsMemory(0, Count);

    public void Add(T entry)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count++] = entry;
    }

    public void Clear()
    {
        Array.Clear(_entries, 0, Count);
        Count = 0;
    }
}
