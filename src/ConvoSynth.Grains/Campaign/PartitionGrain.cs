using ConvoSynth.Core;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// Keeps a window of dialogues in flight, hands their results to the sink, and starts again those that went silent. Where it begins is
/// what the sink has committed, so a new activation, in this process or the next, goes on where the last one's commits end.
/// </summary>
public sealed class PartitionGrain(TimeProvider time) : Grain, IPartitionGrain
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private const int ReportEvery = 25;

    /// <summary>A dialogue that has not reported for so long is started again; starting one that runs changes nothing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private readonly Dictionary<long, DateTimeOffset> _inFlight = [];
    private readonly RunCounter _counter = new();
    private PartitionWork? _work;
    private SinkOpening? _sink;
    private long _nextToStart;
    private long _written;
    private bool _stopping;
    private bool _closing;
    private bool _finished;
    private string? _error;

    public async Task Start(PartitionWork work)
    {
        if (_work is not null) return;
        _work = work;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _sink = await Sink.Open(work.Spec, work.Partition);
        if (_sink.Error is { } error)
        {
            await Fail(error);
            return;
        }

        _nextToStart = _written = _sink.Next;
        this.RegisterGrainTimer(Beat, new() { DueTime = Heartbeat, Period = Heartbeat, KeepAlive = true });
        await Admit();
    }

    public async Task Completed(DialogueResult result)
    {
        if (_work is null || _sink is null || _finished || result.Epoch != _sink.Epoch || !_inFlight.ContainsKey(result.Index)) return;
        var receipt = await Sink.Append(result);
        if (receipt.Error is { } error)
        {
            await Fail(error);
            return;
        }

        // A doubled report may have come while the sink wrote.
        if (!_inFlight.Remove(result.Index)) return;
        _written = Math.Max(_written, receipt.Next);
        Count(result);
        if (_counter.Done % ReportEvery == 0) await Report();
        await Admit();
    }

    public async Task Stop()
    {
        _stopping = true;
        if (_sink is not null) await Admit();
    }

    private ISinkGrain Sink => GrainFactory.GetGrain<ISinkGrain>(this.GetPrimaryKeyString());

    private async Task Admit()
    {
        var end = _work!.Spec.Range(_work.Partition).End;
        while (!_stopping && _error is null && _nextToStart < end && _inFlight.Count < _work.Window && _nextToStart < _written + (2L * _work.Window))
        {
            var index = _nextToStart++;
            _inFlight[index] = time.GetUtcNow();
            await StartDialogue(index);
        }

        if (_inFlight.Count == 0 && !_closing && (_stopping || _nextToStart >= end)) await Close();
    }

    private Task StartDialogue(long index) =>
        GrainFactory.GetGrain<IDialogueGrain>($"{_work!.Spec.RunId}/{index}/0").Start(new(_work.Spec, _work.Partition, index, 0, _sink!.Epoch));

    private async Task Close()
    {
        _closing = true;
        var receipt = await Sink.Close(_sink!.Epoch);
        if (receipt.Error is { } error)
        {
            await Fail(error);
            return;
        }

        _finished = true;
        await Report();
        DeactivateOnIdle();
    }

    private async Task Fail(string error)
    {
        if (_error is not null) return;
        _error = error;
        _finished = true;
        await Report();
        DeactivateOnIdle();
    }

    private async Task Beat(CancellationToken cancellationToken)
    {
        if (_finished) return;
        var now = time.GetUtcNow();
        foreach (var (index, since) in _inFlight.OrderBy(f => f.Key).ToArray())
        {
            if (now - since < Silence) continue;
            _inFlight[index] = now;
            await StartDialogue(index);
        }

        await Report();
    }

    private void Count(DialogueResult result)
    {
        if (result.Trajectory is { } trajectory)
            _counter.Finished(trajectory.Blueprint.Domain, trajectory.Blueprint.Intent, trajectory.Accepted, trajectory.RejectReasons, result.PlantedFault);
        else
            _counter.Failed(result.Error ?? "unknown error");
    }

    private Task Report() => GrainFactory.GetGrain<ICampaignGrain>(_work!.Spec.RunId).Report(
        new(_work.Partition, _counter.Counts(), (_sink?.Accepted + _sink?.Rejected + _sink?.Failed) ?? 0, _inFlight.Count, _finished, _error));
}
