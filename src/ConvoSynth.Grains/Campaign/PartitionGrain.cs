using ConvoSynth.Core;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// Keeps a window of dialogues in flight, hands their results to the sink, and starts again those that went silent. Where it begins is
/// what the sink has committed, so a new activation, in this process or the next, goes on where the last one's commits end. The same
/// happens when the sink's activation is lost: what it had not committed is done again, under a new epoch.
/// </summary>
public sealed class PartitionGrain(TimeProvider time) : Grain, IPartitionGrain
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>A dialogue that has not reported for so long is started again; starting one that runs changes nothing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>How often a dialogue may be begun and vanish without a word before its index ends as failed.</summary>
    public const int BeginningLimit = 8;

    private readonly Dictionary<long, Flight> _inFlight = [];
    private RunCounter _counter = new();
    private PartitionWork? _work;

    // Null while the sink is not open: then nothing is admitted, and no result is taken.
    private SinkOpening? _sink;
    private long _nextToStart;
    private long _written;
    private bool _opening;
    private bool _stopping;
    private bool _closing;
    private bool _finished;
    private string? _error;

    /// <param name="Heard">When it was started or last found to be running.</param>
    /// <param name="Beginnings">How often it was begun and not found to be running.</param>
    private readonly record struct Flight(DateTimeOffset Heard, int Beginnings);

    public async Task Start(PartitionWork work)
    {
        if (_work is null)
        {
            _work = work;
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            // The first beat opens and admits, so that nobody waits for storage.
            this.RegisterGrainTimer(Beat, new() { DueTime = TimeSpan.Zero, Period = Heartbeat, KeepAlive = true });
        }
        else if (_finished)
        {
            // Whoever says it again has not heard of the end.
            await Finish();
        }
    }

    public async Task Completed(DialogueResult result)
    {
        if (!IsOwner(result.Epoch) || !_inFlight.ContainsKey(result.Index)) return;
        var receipt = await Sink.Append(result);
        // While the sink wrote, it may have been lost and opened again, or a doubled report may have come.
        if (!IsOwner(result.Epoch) || !await Holds(receipt) || !_inFlight.Remove(result.Index)) return;
        _written = Math.Max(_written, receipt.Next);
        Count(receipt.Error is null ? result : result with { Trajectory = null, Error = receipt.Error });
        await Admit();
    }

    public Task Stop()
    {
        _stopping = true; // The next result or beat acts on it.
        return Task.CompletedTask;
    }

    private ISinkGrain Sink => GrainFactory.GetGrain<ISinkGrain>(this.GetPrimaryKeyString());

    private bool IsOpen => _sink is not null && !_finished;

    private bool IsOwner(long epoch) => IsOpen && _sink!.Epoch == epoch;

    private async Task Open()
    {
        if (_opening || _sink is not null || _finished) return;
        _opening = true;
        SinkOpening opening;
        try
        {
            opening = await Sink.Open(_work!.Spec, _work.Partition);
        }
        catch (Exception e) when (UnknownOutcome.Is(e))
        {
            return; // The next beat opens it.
        }
        finally
        {
            _opening = false;
        }

        if (opening.Error is { } error)
        {
            await Fail(error);
            return;
        }

        _inFlight.Clear();
        _counter = new();
        _nextToStart = _written = opening.Next;
        _sink = opening;
    }

    private async Task Admit()
    {
        if (_work is null) return;
        var end = _work.Spec.Range(_work.Partition).End;
        while (IsOpen && !_stopping && _nextToStart < end && _inFlight.Count < _work.Window && _nextToStart < _written + (2L * _work.Window))
        {
            var index = _nextToStart++;
            _inFlight[index] = new(time.GetUtcNow(), 1);
            await Begin(index);
        }

        if (IsOpen && _inFlight.Count == 0 && !_closing && (_stopping || _nextToStart >= end)) await Close();
    }

    /// <returns>Whether the dialogue began now, for all that is known; false where it was running.</returns>
    private async Task<bool> Begin(long index)
    {
        try
        {
            return await GrainFactory.GetGrain<IDialogueGrain>($"{_work!.Spec.RunId}/{index}/0").Start(new(_work.Spec, _work.Partition, index, 0, _sink!.Epoch));
        }
        catch (Exception e) when (UnknownOutcome.Is(e))
        {
            return true; // It stays in flight, and is asked again when it has been silent for too long.
        }
    }

    private async Task Close()
    {
        _closing = true;
        SinkReceipt receipt;
        try
        {
            receipt = await Sink.Close(_sink!.Epoch);
        }
        catch (Exception e) when (UnknownOutcome.Is(e))
        {
            return; // The next beat closes it.
        }
        finally
        {
            _closing = false;
        }

        if (IsOpen && await Holds(receipt)) await Finish();
    }

    /// <summary>Acts on a sink's answer that is none of the expected; false where there was such.</summary>
    private async Task<bool> Holds(SinkReceipt receipt)
    {
        switch (receipt.Answer)
        {
            case SinkAnswer.Done:
                return true;
            case SinkAnswer.NotOpen:
                _sink = null;
                await Open();
                await Admit();
                return false;
            case SinkAnswer.OtherOwner:
                // Another activation of this partition has taken over; this one goes without a word.
                _finished = true;
                DeactivateOnIdle();
                return false;
            default:
                await Fail(receipt.Error ?? "the sink failed");
                return false;
        }
    }

    private Task Fail(string error)
    {
        _error ??= error;
        return Finish();
    }

    private async Task Finish()
    {
        _finished = true;
        if (await Report()) DeactivateOnIdle();
    }

    private async Task Beat(CancellationToken cancellationToken)
    {
        if (_finished) return;
        await Open();
        var now = time.GetUtcNow();
        await Task.WhenAll(_inFlight.Where(f => now - f.Value.Heard >= Silence).Select(f => f.Key).Order().ToArray().Select(AskAfter));
        await Admit();
        if (!_finished) await Report();
    }

    private async Task AskAfter(long index)
    {
        if (!IsOpen || !_inFlight.TryGetValue(index, out var flight)) return;
        if (flight.Beginnings >= BeginningLimit)
        {
            await Completed(new() { Index = index, Attempt = 0, Epoch = _sink!.Epoch, Error = $"the dialogue was begun {flight.Beginnings} times and never reported" });
            return;
        }

        _inFlight[index] = flight with { Heard = time.GetUtcNow() };
        if (await Begin(index) && _inFlight.TryGetValue(index, out flight)) _inFlight[index] = flight with { Beginnings = flight.Beginnings + 1 };
    }

    private void Count(DialogueResult result)
    {
        if (result.Trajectory is { } trajectory)
            _counter.Finished(trajectory.Blueprint.Domain, trajectory.Blueprint.Intent, trajectory.Accepted, trajectory.RejectReasons, result.PlantedFault);
        else
            _counter.Failed(result.Error ?? "unknown error");
    }

    private async Task<bool> Report()
    {
        var restored = (_sink?.Accepted + _sink?.Rejected + _sink?.Failed) ?? 0;
        try
        {
            await GrainFactory.GetGrain<ICampaignGrain>(_work!.Spec.RunId).Report(
                new(_work.Partition, _sink?.Epoch ?? 0, _counter.Counts(), restored, _inFlight.Count, _finished, _error));
            return true;
        }
        catch (Exception e) when (UnknownOutcome.Is(e))
        {
            return false; // The next beat says it again; of the end, the campaign's next beat asks.
        }
    }
}
