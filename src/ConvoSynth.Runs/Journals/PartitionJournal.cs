using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Runs.Journals;

/// <summary>
/// The journal of one partition. Each <see cref="Open"/> begins a segment of its own, and the highest segment number fences: an owner
/// that finds a later segment than its own has been overtaken, and nothing that it wrote since counts. Memory holds a position for each
/// answer (about 50 bytes); the answers stay in the files. If segments hold the same answer twice, the highest segment wins: what an
/// overtaken owner wrote after its segment was read was never used. Within a segment the first answer wins. Not thread-safe.
/// </summary>
public sealed class PartitionJournal : IDisposable
{
    private readonly RunFolder _run;
    private readonly int _partition;
    private readonly Dictionary<UInt128, Place> _places = [];
    private readonly Func<Task<JournalSegment>>? _begin;
    private JournalSegment? _own;
    private bool _isOvertaken;

    private PartitionJournal(RunFolder run, int partition, Func<Task<JournalSegment>>? begin = null) =>
        (_run, _partition, _begin) = (run, partition, begin);

    private readonly record struct Place(int Segment, long At);

    /// <summary>The number of answers.</summary>
    public int Count => _places.Count;

    /// <summary>
    /// Takes the journal over: begins a segment, then reads the earlier ones. The last batch of each may not be durable, so it is
    /// written again to the new segment.
    /// </summary>
    /// <exception cref="ShardException">A segment is damaged, or storage fails.</exception>
    public static async Task<PartitionJournal> Open(RunFolder run, string runId, int partition, long epoch)
    {
        var journal = new PartitionJournal(run, partition, () => JournalSegment.Begin(run, runId, partition, epoch));
        try
        {
            journal._own = await journal._begin!();
            var unsure = journal.Load(runId, journal._own.Number);
            await Append(journal._own, [.. unsure.Values], (i, at) => journal._places[unsure.GetAt(i).Key] = new(journal._own.Number, at));
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Opens the journal for reading only; changes nothing.</summary>
    /// <param name="each">Receives the key and the request hash of each answer that the scan finds.</param>
    /// <exception cref="ShardException">A segment is damaged.</exception>
    public static PartitionJournal Read(RunFolder run, int partition, Action<string, string>? each = null)
    {
        var journal = new PartitionJournal(run, partition);
        journal.Load(null, int.MaxValue, each);
        return journal;
    }

    /// <summary>The partitions that have a journal in a run folder, in order.</summary>
    public static IReadOnlyList<int> Partitions(RunFolder run) =>
        [.. run.Storage.ListLogs(run.Journal).Select(RunFolder.JournalPartition).OfType<int>().Distinct().Order()];

    /// <summary>
    /// Whether no later <see cref="Open"/> has begun. Check it after a write became durable or a look-up missed; only if true does the
    /// result count. A later Open reads everything that is durable by then.
    /// </summary>
    public async Task<bool> IsLast() =>
        _own is { } own && !_isOvertaken && !await _run.Storage.LogExistsAsync(_run.JournalSegment(_partition, own.Number + 1));

    /// <summary>
    /// The answer to a request; null if there is none. Safe for concurrent use if the journal was opened for reading only.
    /// </summary>
    public JournalEntry? Find(string key, string requestHash) =>
        _places.TryGetValue(JournalEntry.IdOf(key, requestHash), out var place)
            ? JournalEntry.Of(JournalScan.ReadOne(_run, _partition, place.Segment, place.At))
            : null;

    /// <summary>
    /// Appends answers that the journal lacks, in one write and one sync. They are durable when the task completes, and count if
    /// <see cref="IsLast"/> then says so. After a failure the object is unusable.
    /// </summary>
    public async Task Append(IReadOnlyList<JournalEntry> entries)
    {
        var own = _own ?? throw new InvalidOperationException($"The journal of partition {_partition} was opened for reading, or closed.");
        if (own.Batches >= _run.BatchesOfSegment)
        {
            _own = await _begin!();
            // A segment between the two is of an opening that knows nothing of what was appended since, and this object nothing of it.
            _isOvertaken = _own.Number != own.Number + 1;
            own = _own;
        }

        if (_isOvertaken)
            return;
        await Append(own, [.. entries.Select(e => e.ToBytes())], (i, at) => _places.TryAdd(entries[i].Id, new(own.Number, at)));
    }

    public void Dispose() => _own = null;

    // Appends one batch, or several if one would exceed a frame. An empty batch makes the header durable.
    private static async Task Append(JournalSegment own, IReadOnlyList<byte[]> records, Action<int, long> appended)
    {
        var first = 0;
        do
        {
            long bytes = 0;
            var count = 0;
            while (first + count < records.Count && bytes < JournalFrame.MaxPayloadBytes / 2)
                bytes += records[first + count++].Length + JournalFrame.RecordHeadBytes;
            var places = await own.Append([.. records.Skip(first).Take(count)]);
            for (var i = 0; i < count; i++)
                appended(first + i, places[i]);
            first += count;
        } while (first < records.Count);
    }

    /// <returns>The records of the segments' last batches, in order.</returns>
    private OrderedDictionary<UInt128, byte[]> Load(string? runId, int before, Action<string, string>? each = null)
    {
        var unsure = new OrderedDictionary<UInt128, byte[]>();
        foreach (var segment in JournalSegmentFiles.Of(_run, _partition).Where(s => s < before))
        {
            JournalScan.Read(
                _run,
                runId,
                _partition,
                segment,
                (bytes, at, inLastBatch) =>
                {
                    var id = JournalEntry.IdOf(JournalEntry.HeadBytes(bytes));
                    if (_places.TryGetValue(id, out var there) && there.Segment == segment)
                        return;
                    _places[id] = new(segment, at);
                    if (each is not null)
                        JournalEntry.ReadHead(bytes, each);
                    unsure.Remove(id);
                    if (inLastBatch)
                        unsure[id] = bytes.ToArray();
                }
            );
        }

        return unsure;
    }
}
