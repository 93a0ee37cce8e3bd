using System.Globalization;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Files;

/// <summary>The Parquet files of one split, each of at most so many bytes before compression.</summary>
internal sealed class TableFiles<T>(OutputFolder output, string split, IReadOnlyList<ColumnShape> columns, Action<DocumentTable, T> write)
    : IRecordFiles<T>
{
    // The size at which Hugging Face's own writer begins another file.
    private const long FileBytes = 500_000_000;

    private static readonly IReadOnlyDictionary<string, string> Metadata = new Dictionary<string, string>(StringComparer.Ordinal);

    private readonly List<WrittenFile> _written = [];
    private FileStream? _file;
    private DocumentTable? _table;

    public void Write(T record)
    {
        if (_table is { } full && full.RawBytes >= FileBytes)
            End();
        _table ??= new(_file = output.Create(Name), columns, Metadata);
        write(_table, record);
        _table.EndRow();
    }

    public IReadOnlyList<WrittenFile> Finish()
    {
        End();
        return _written;
    }

    public void Dispose()
    {
        _table?.Dispose();
        _file?.Dispose();
    }

    // The pattern by which Hugging Face's datasets finds the files of a split.
    private string Name => $"data/{split}-{_written.Count.ToString("D5", CultureInfo.InvariantCulture)}.parquet";

    private void End()
    {
        if (_table is null)
            return;
        var name = Name;
        var digest = _table.Finish();
        _file!.Flush(flushToDisk: true);
        Dispose();
        (_table, _file) = (null, null);
        _written.Add(new(name, digest.Rows, digest.Bytes, digest.Sha256));
    }
}
