using ConvoSynth.Models.Journal;

namespace ConvoSynth.Models.Batches;

/// <summary>Which batches have a request, in the order of the log. Thread-safe.</summary>
internal sealed class BatchBook(IBatchLog log) : IDisposable
{
    // Each failed append means that another process has appended meanwhile.
    private const int MaxTries = 100;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<SentBatch>> _byRequest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SentBatch> _byFile = new(StringComparer.Ordinal);
    private int _known;
    private bool _isRead;

    /// <summary>Whether other processes send batches of the same run and endpoint.</summary>
    public bool IsShared => log.IsShared;

    /// <summary>Reads the log, once.</summary>
    public async ValueTask Open()
    {
        if (Volatile.Read(ref _isRead))
            return;
        await Read();
        Volatile.Write(ref _isRead, true);
    }

    /// <summary>Reads what other processes have written since.</summary>
    public Task Read() => Held(Reread);

    /// <summary>The batch of a request after so many others; null if there is none.</summary>
    public SentBatch? Of(string request, int passed)
    {
        lock (_lock)
            return _byRequest.TryGetValue(request, out var sent) && sent.Count > passed ? sent[passed] : null;
    }

    /// <summary>Logs a file before a batch is created from it.</summary>
    /// <returns>Null if another process has logged files meanwhile, which may have the same requests.</returns>
    public async Task<SentBatch?> Add(BatchEntry entry)
    {
        SentBatch? added = null;
        await Held(async () =>
        {
            if (await log.Append(_known, entry))
                added = Enter(entry, isOurs: true);
            else
                await Reread();
        });
        return added;
    }

    /// <summary>Logs the batch that was created from a file, unless another process was first.</summary>
    /// <param name="before">The id that the caller knew; another one stands.</param>
    public Task Created(SentBatch batch, string id, string? before) => Note(new(batch.File) { Batch = id }, () => batch.Batch != before);

    /// <summary>Logs that requests without an answer are sent again with another file.</summary>
    public Task Close(SentBatch batch) => Note(new(batch.File) { IsClosed = true }, () => batch.IsClosed);

    public void Dispose() => _gate.Dispose();

    private Task Note(BatchEntry entry, Func<bool> stands) =>
        Held(async () =>
        {
            for (var tries = 0; tries < MaxTries; tries++)
            {
                if (stands())
                    return;
                if (await log.Append(_known, entry))
                {
                    Enter(entry, isOurs: true);
                    return;
                }

                await Reread();
            }

            throw new JournalException(JournalError.Storage, "the log of batches is appended to by others all the time");
        });

    private async Task Reread()
    {
        var entries = await log.Read();
        foreach (var entry in entries.AsSpan()[_known..].ToArray())
            Enter(entry, isOurs: false);
    }

    private SentBatch? Enter(BatchEntry entry, bool isOurs)
    {
        lock (_lock)
        {
            _known++;
            if (!_byFile.TryGetValue(entry.File, out var batch))
            {
                _byFile[entry.File] = batch = new(entry, isOurs);
                foreach (var request in entry.Requests)
                {
                    if (!_byRequest.TryGetValue(request, out var sent))
                        _byRequest[request] = sent = [];
                    sent.Add(batch);
                }
            }

            batch.Batch = entry.Batch ?? batch.Batch;
            batch.IsClosed |= entry.IsClosed;
            return batch;
        }
    }

    private async Task Held(Func<Task> work)
    {
        await _gate.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _gate.Release();
        }
    }
}
