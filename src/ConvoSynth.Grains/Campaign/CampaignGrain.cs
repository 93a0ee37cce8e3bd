using ConvoSynth.Core;
using Orleans;

namespace ConvoSynth.Grains;

/// <summary>Works through the partitions of a run, a few at a time, and sums what they report.</summary>
public sealed class CampaignGrain : Grain, ICampaignGrain
{
    // Few partitions at a time keep shards whole early; more than one keeps every processor busy while a shard is being committed.
    private const int PartitionsAtATime = 4;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<int, PartitionStatus> _partitions = [];
    private RunSpec? _spec;
    private CampaignWork? _work;
    private RunCounts _done = RunCounts.Zero;
    private int _next;
    private int _ended;
    private bool _stopping;
    private string? _error;

    public async Task Start(RunSpec spec, CampaignWork work)
    {
        if (_spec is not null) return;
        _spec = spec;
        _work = work;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        this.RegisterGrainTimer(Beat, new() { DueTime = Heartbeat, Period = Heartbeat, KeepAlive = true });
        await Fill();
    }

    public Task<CampaignStatus> Status()
    {
        var counts = _partitions.Values.Aggregate(_done, (sum, p) => sum + p.Counts);
        var isFinished = _spec is not null && _partitions.Count == 0 && (_stopping || _error is not null || _ended == _spec.Partitions);
        return Task.FromResult(new CampaignStatus(_spec?.Count ?? 0, counts, _partitions.Values.Sum(p => p.InFlight), isFinished, _error));
    }

    public async Task Stop()
    {
        _stopping = true;
        foreach (var partition in _partitions.Keys.ToArray()) await Partition(partition).Stop();
    }

    public async Task Report(PartitionStatus status)
    {
        if (!_partitions.ContainsKey(status.Partition)) return;
        if (!status.Finished)
        {
            _partitions[status.Partition] = status;
            return;
        }

        _partitions.Remove(status.Partition);
        _done += status.Counts;
        _ended++;
        if (status.Error is { } error && _error is null)
        {
            // Storage that fails for one partition fails for all: what runs is stopped, what was committed stays.
            _error = error;
            await Stop();
        }

        await Fill();
    }

    // A partition whose host died knows nothing any more: it is begun again, and goes on behind what it had committed.
    private async Task Beat(CancellationToken cancellationToken)
    {
        foreach (var partition in _partitions.Keys.ToArray()) await Partition(partition).Start(WorkOf(partition));
    }

    private PartitionWork WorkOf(int partition) => new(_spec!, partition, Math.Max(1, _work!.Concurrency / Math.Min(PartitionsAtATime, _spec!.Partitions)));

    private IPartitionGrain Partition(int partition) => GrainFactory.GetGrain<IPartitionGrain>($"{_spec!.RunId}/{partition}");

    private async Task Fill()
    {
        var atATime = Math.Min(PartitionsAtATime, _spec!.Partitions);
        while (!_stopping && _next < _spec.Partitions && _partitions.Count < atATime)
        {
            var partition = _next++;
            _partitions[partition] = new(partition, RunCounts.Zero, 0, 0, false, null);
            await Partition(partition).Start(WorkOf(partition));
        }
    }
}
