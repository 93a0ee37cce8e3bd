using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Endpoints;

namespace ConvoSynth.Models.Batches;

/// <summary>
/// Gathers the requests of an endpoint in this process. A batch is closed when it is full, or when its first request has waited long
/// enough, so that no request waits for a batch that never fills. Thread-safe.
/// </summary>
internal sealed partial class BatchQueue(EndpointSpec spec, BatchApi api, BatchBook book, TimeProvider time) : IDisposable
{
    // Answers that are in memory, for those who ask later, as after a resume.
    private const int EndedKept = 8;

    private readonly BatchSpec _options = spec.Batch!;
    private readonly BatchFlight _flight = new(spec, api, book, time);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<Waiting> _queue = new();
    private readonly Dictionary<SentBatch, Task<BatchAnswers>> _flights = [];
    private readonly Queue<SentBatch> _ended = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _enqueued;
    private long _bytes;
    private bool _isSending;

    // Less than the spec's after the provider has refused a batch.
    private long _limit = spec.Batch!.EnqueuedTokens;

    /// <summary>The batch that has a request, after so many others; waits until it is sent.</summary>
    /// <param name="id">Tells requests apart.</param>
    public async Task<SentBatch> Place(string id, ReadOnlyMemory<byte> body, int tokens, int passed, CancellationToken cancellationToken)
    {
        await book.Open();
        Waiting? waiting;
        lock (_lock)
        {
            if (book.Of(id, passed) is { } sent)
                return sent;
            if (!_waiting.TryGetValue(id, out waiting))
            {
                _waiting[id] = waiting = new(id, body, tokens, passed, time.GetTimestamp());
                _queue.Enqueue(waiting);
                _bytes += body.Length;
                if (!_isSending)
                {
                    _isSending = true;
                    // It sends for all who wait, so no caller's cancellation ends it.
                    _ = Task.Run(Send, CancellationToken.None);
                }
                else if (IsFull)
                {
                    _changed.TrySetResult();
                }
            }
        }

        return await waiting.Sent.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The answers of a batch, once it has ended.</summary>
    public Task<BatchAnswers> Answers(SentBatch batch)
    {
        lock (_lock)
        {
            if (_flights.TryGetValue(batch, out var flight) && !MayPass(flight))
                return flight;
            // Before the flight runs: the next batch asks at once whether there is room.
            _enqueued += batch.Tokens;
            return _flights[batch] = Task.Run(() => Fly(batch));
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        book.Dispose();
    }

    private async Task Send()
    {
        while (true)
        {
            var taken = new List<Waiting>();
            try
            {
                await UntilDue();
                lock (_lock)
                    Take(taken);
                await UntilThereIsRoom(taken.Sum(w => (long)w.Tokens));
                await Send(taken);
            }
            catch (Exception e)
            {
                // Those who wait decide whether to try again.
                lock (_lock)
                {
                    taken.ForEach(w => _waiting.Remove(w.Id));
                    while (taken.Count == 0 && _queue.TryDequeue(out var waiting))
                    {
                        _waiting.Remove(waiting.Id);
                        waiting.Sent.TrySetException(e);
                    }
                }

                taken.ForEach(w => w.Sent.TrySetException(e));
            }

            lock (_lock)
            {
                if (_queue.Count > 0 && !_stopping.IsCancellationRequested)
                    continue;
                _isSending = false;
                return;
            }
        }
    }

    private async Task Send(List<Waiting> taken)
    {
        while (true)
        {
            Place(taken);
            if (taken.Count == 0)
                return;
            var file = BatchFile.Write(taken.Select(w => (w.Id, w.Body)), api.Target);
            var id = await Uploaded(file);
            var entry = new BatchEntry(id) { Requests = [.. taken.Select(w => w.Id)], Tokens = taken.Sum(w => (long)w.Tokens) };
            if (await book.Add(entry) is not { } batch)
                continue; // Another process has sent a file: some of these may be in it.
            _ = Answers(batch);
            Place(taken);
        }
    }

    // Requests that are in the log by now wait for their batch.
    private void Place(List<Waiting> taken)
    {
        lock (_lock)
        {
            for (var i = taken.Count - 1; i >= 0; i--)
            {
                if (book.Of(taken[i].Id, taken[i].Passed) is not { } sent)
                    continue;
                _waiting.Remove(taken[i].Id);
                taken[i].Sent.TrySetResult(sent);
                taken.RemoveAt(i);
            }
        }
    }

    private async Task<string> Uploaded(byte[] file)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await api.Upload(file, _stopping.Token);
            }
            catch (EndpointException e) when (e.IsTransient && failures <= spec.Retries)
            {
                var pause = TimeSpan.FromSeconds(_options.PollSeconds) * Math.Pow(2, failures - 1);
                await Task.Delay(pause, time, _stopping.Token);
            }
        }
    }

    private async Task<BatchAnswers> Fly(SentBatch batch)
    {
        try
        {
            var answers = await _flight.Run(batch, _stopping.Token);
            lock (_lock)
            {
                // The provider takes no file of this size.
                if (ReferenceEquals(answers, BatchAnswers.None) && batch.IsOurs)
                    _limit = Math.Max(1, Math.Min(_limit, batch.Tokens / 2));
                Keep(batch);
            }

            return answers;
        }
        finally
        {
            lock (_lock)
            {
                _enqueued -= batch.Tokens;
                _changed.TrySetResult();
            }
        }
    }

    // Another failure may have passed since. A refusal stands for all of the batch, also for those who ask after its end.
    private static bool MayPass(Task flight) =>
        flight.IsCanceled || (flight.IsFaulted && flight.Exception.InnerException is not EndpointException { IsRefusal: true });

    private void Keep(SentBatch batch)
    {
        _ended.Enqueue(batch);
        if (_ended.Count > EndedKept)
            _flights.Remove(_ended.Dequeue());
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Waiting(string Id, ReadOnlyMemory<byte> Body, int Tokens, int Passed, long Since)
    {
        public TaskCompletionSource<SentBatch> Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
