using System.Collections.Immutable;
using ConvoSynth.Core;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>Works through the partitions of a run, a few at a time, and sums what they report.</summary>
public sealed class CampaignGrain : Grain, ICampaignGrain
{
    // Few partitions at a time keep shards whole early; more than one keeps every processor busy while a shard is being committed.
    private const int PartitionsAtATime = 4;

    /// <summary>
    /// A partition begins when all that lie so many before it have ended, and is told what those stopped: which, then, depends on rows alone. Far
    /// enough that one slow dialogue does not keep the others waiting for work.
    /// </summary>
    public const int Lookahead = 8;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<int, PartitionStatus> _partitions = [];

    // By partition, of those that have ended.
    private readonly SortedDictionary<int, ImmutableArray<StoppedDomain>> _stopped = [];
    private RunSpec? _spec;
    private CampaignWork? _work;
    private IGrainTimer? _timer;
    private RunCounts _done = RunCounts.Zero;
    private long _restored;
    private int _next;
    private int _ended;
    private bool _stopping;
    private string? _error;

    public Task Start(RunSpec spec, CampaignWork work)
    {
        if (_spec is not null) return Task.CompletedTask;
        _spec = spec;
        _work = work;
        _error = spec.Problem();
        if (_error is not null) return Task.CompletedTask;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _timer = this.RegisterGrainTimer(Beat, new() { DueTime = TimeSpan.Zero, Period = Heartbeat, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task<CampaignStatus> Status()
    {
        var counts = _partitions.Values.Aggregate(_done, (sum, p) => sum + p.Counts);
        return Task.FromResult(new CampaignStatus(_spec?.Count ?? 0, counts, _partitions.Values.Sum(p => p.InFlight), IsFinished, _error)
        {
            Begun = _spec is not null, Restored = _restored + _partitions.Values.Sum(p => p.Restored), Stopped = StoppedBefore(int.MaxValue),
        });
    }

    public async Task Stop()
    {
        _stopping = true;
        foreach (var partition in _partitions.Keys.ToArray()) await Ask(() => Partition(partition).Stop());
    }

    public async Task Report(PartitionStatus status)
    {
        // A lower epoch is the word of an activation that has lost the partition to another.
        if (!_partitions.TryGetValue(status.Partition, out var known) || (status.Epoch != 0 && status.Epoch < known.Epoch)) return;
        if (!status.Finished)
        {
            _partitions[status.Partition] = status;
            return;
        }

        if (status.CutShort && !_stopping && _error is null)
        {
            // An activation of this campaign that is gone told it to stop. What it committed the next beat finds restored.
            _partitions[status.Partition] = new(status.Partition, status.Epoch, RunCounts.Zero, 0, 0, false, null);
            return;
        }

        _partitions.Remove(status.Partition);
        _done += status.Counts;
        _restored += status.Restored;
        _ended++;
        if (!status.Stopped.IsEmpty) _stopped[status.Partition] = status.Stopped;
        if (status.Error is { } error && _error is null)
        {
            // Storage that fails for one partition fails for all: what runs is stopped, what was committed stays.
            _error = error;
            await Stop();
        }

        await Fill();
        if (!IsFinished || _timer is null) return;
        _timer.Dispose();
        _timer = null;
        DelayDeactivation(TimeSpan.Zero);
    }

    private bool IsFinished => _spec is not null && _partitions.Count == 0 && (_stopping || _error is not null || _ended == _spec.Partitions);

    // A partition whose host died knows nothing any more: it is begun again, and goes on behind what it had committed. One that does
    // not know of the stop is told before it begins anything.
    private async Task Beat(CancellationToken cancellationToken)
    {
        foreach (var partition in _partitions.Keys.ToArray())
        {
            if (_stopping) await Ask(() => Partition(partition).Stop());
            await Ask(() => Partition(partition).Start(WorkOf(partition)));
        }

        await Fill();
    }

    private PartitionWork WorkOf(int partition) =>
        new(_spec!, partition, Math.Max(1, _work!.Concurrency / Math.Min(PartitionsAtATime, _spec!.Partitions))) { Stopped = StoppedBefore(partition - Lookahead + 1) };

    // Where it first showed, of each domain.
    private ImmutableArray<StoppedDomain> StoppedBefore(int partition) =>
    [
        .. _stopped.TakeWhile(s => s.Key < partition).SelectMany(s => s.Value).GroupBy(s => s.Domain, StringComparer.Ordinal)
            .Select(g => g.First()).OrderBy(s => s.Domain, StringComparer.Ordinal),
    ];

    private IPartitionGrain Partition(int partition) => GrainFactory.GetGrain<IPartitionGrain>($"{_spec!.RunId}/{partition}");

    private async Task Fill()
    {
        var atATime = Math.Min(PartitionsAtATime, _spec!.Partitions);
        while (!_stopping && _next < _spec.Partitions && _partitions.Count < atATime && (_partitions.Count == 0 || _partitions.First().Key > _next - Lookahead))
        {
            var partition = _next++;
            _partitions[partition] = new(partition, 0, RunCounts.Zero, 0, 0, false, null);
            await Ask(() => Partition(partition).Start(WorkOf(partition)));
        }
    }

    // What got lost here is said again by the next beat.
    private static async Task Ask(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (UnknownOutcome.Is(e))
        {
            return;
        }
    }
}
