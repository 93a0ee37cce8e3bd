namespace ConvoSynth.Models.Batches;

// When a batch is closed, and with which requests.
internal sealed partial class BatchQueue
{
    private bool IsFull => _queue.Count >= _options.Requests || _bytes >= BatchFile.MaxBytes;

    private async Task UntilDue()
    {
        while (true)
        {
            Task changed;
            TimeSpan left;
            lock (_lock)
            {
                left = TimeSpan.FromSeconds(_options.Seconds) - time.GetElapsedTime(_queue.Peek().Since);
                if (IsFull || left <= TimeSpan.Zero)
                    return;
                changed = (_changed = NewSignal()).Task;
            }

            await Either(changed, left);
        }
    }

    private void Take(List<Waiting> taken)
    {
        var (tokens, bytes) = (0L, 0L);
        while (_queue.TryPeek(out var next) && taken.Count < _options.Requests)
        {
            (tokens, bytes) = (tokens + next.Tokens, bytes + next.Body.Length);
            // A request that is more than the limit goes alone.
            if (taken.Count > 0 && (tokens > _limit || bytes > BatchFile.MaxBytes))
                return;
            taken.Add(_queue.Dequeue());
            _bytes -= next.Body.Length;
        }
    }

    private async Task UntilThereIsRoom(long tokens)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_enqueued == 0 || _enqueued + tokens <= _limit)
                    return;
                changed = (_changed = NewSignal()).Task;
            }

            await changed.WaitAsync(_stopping.Token);
        }
    }

    private async Task Either(Task changed, TimeSpan pause)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        await Task.WhenAny(changed, Task.Delay(pause, time, end.Token));
        await end.CancelAsync();
        _stopping.Token.ThrowIfCancellationRequested();
    }
}
