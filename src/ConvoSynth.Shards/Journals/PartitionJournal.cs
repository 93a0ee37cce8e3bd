using ConvoSynth.Shards.Runs;

namespace ConvoSynth.Shards.Journals;

/// <summary>
/// The journal of one partition. Each opening begins a segment of its own, and the number of the last one decides who may append: whoever finds a
/// later one than his own has been overtaken, and nothing that he wrote since counts. In memory it keeps a place for each answer (about 50 bytes), the
/// answers stay in the files. Where segments have the same answer twice, that of the highest holds: what one who was overtaken wrote after
/// his segment was read was never used. Within a segment the first holds. Not for concurrent use.
/// </summary>
public sealed class PartitionJournal : IDisposable
{
    private readonly RunFolder _run;
    private readonly int _partition;
    private readonly Dictionary<UInt128, Place> _places = [];
    private JournalSegment? _own;

    private PartitionJournal(RunFolder run, int partition) => (_run, _partition) = (run, partition);

    private readonly record struct Place(int Segment, long At);

    /// <summary>How many answers it has.</summary>
    public int Count => _places.Count;

    /// <summary>
    /// Takes the journal over: begins a segment, then reads those before it. What they may not have made durable (the last batch of
    /// each) is written again, so that what is found here survives.
    /// </summary>
    /// <exception cref="ShardException">A segment is damaged, or storage fails.</exception>
    public static async Task<PartitionJournal> Open(RunFolder run, string runId, int partition, long epoch)
    {
        var journal = new PartitionJournal(run, partition);
        try
        {
            journal._own = JournalSegment.Begin(run, runId, partition, epoch);
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

    /// <summary>For reading alone; changes nothing.</summary>
    /// <param name="each">Told of the key and the request hash of each answer that it comes upon.</param>
    /// <exception cref="ShardException">A segment is damaged.</exception>
    public static PartitionJournal Read(RunFolder run, int partition, Action<string, string>? each = null)
    {
        var journal = new PartitionJournal(run, partition);
        journal.Load(null, int.MaxValue, each);
        return journal;
    }

    /// <summary>The partitions that have a journal in a run folder, in order.</summary>
    public static IReadOnlyList<int> Partitions(RunFolder run) =>
        [.. run.Storage.List(run.Journal).Select(RunFolder.JournalPartition).OfType<int>().Distinct().Order()];

    /// <summary>
    /// Whether no later opening has begun. Asked after something was made durable, or was not found, it decides whether that counts: one that
    /// begins later reads what was durable by then.
    /// </summary>
    public bool IsLast => _own is { } own && !_run.Storage.Exists(_run.JournalSegment(_partition, own.Number + 1));

    /// <summary>The answer to a request; null where there is none. Safe for concurrent use in a journal that is only read.</summary>
    public JournalEntry? Find(string key, string requestHash) =>
        _places.TryGetValue(JournalEntry.IdOf(key, requestHash), out var place)
            ? JournalEntry.Of(JournalScan.ReadOne(_run, _partition, place.Segment, place.At))
            : null;

    /// <summary>Appends answers that are not there, in one write and one sync; durable when this is done. After a failure it is of no further use.</summary>
    public Task Append(IReadOnlyList<JournalEntry> entries)
    {
        var own = _own ?? throw new InvalidOperationException($"The journal of partition {_partition} was opened for reading, or closed.");
        return Append(own, [.. entries.Select(e => e.ToBytes())], (i, at) => _places.TryAdd(entries[i].Id, new(own.Number, at)));
    }

    public void Dispose()
    {
        _own?.Dispose();
        _own = null;
    }

    // One batch, unless that would be larger than a frame may be; one with nothing in it makes the header durable.
    private static async Task Append(JournalSegment own, IReadOnlyList<byte[]> records, Action<int, long> appended)
    {
        var first = 0;
        do
        {
            long bytes = 0;
            var count = 0;
            while (first + count < records.Count && bytes < JournalFrame.MostPayloadBytes / 2)
                bytes += records[first + count++].Length + JournalFrame.RecordHeadBytes;
            var places = await own.Append([.. records.Skip(first).Take(count)]);
            for (var i = 0; i < count; i++)
                appended(first + i, places[i]);
            first += count;
        } while (first < records.Count);
    }

    /// <returns>The records of last batches, in order.</returns>
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
