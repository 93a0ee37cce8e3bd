using System.Collections.Immutable;
using ConvoSynth.Core;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>Works through the partitions of a run, a few at a time, and sums what they report.</summary>
public sealed class CampaignGrain(TimeProvider time) : Grain, ICampaignGrain
{
    /// <summary>
    /// A partition begins when all that lie so many before it have ended, and is told what those stopped: which, then, depends on rows alone. Far
    /// enough that one slow dialogue does not keep the others waiting for work.
    /// </summary>
    public const int Lookahead = 8;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<int, PartitionStatus> _partitions = [];
    private readonly Dictionary<int, PartitionGrant> _granted = []; // What was granted in this term.

    // By partition, of those that have ended.
    private readonly SortedDictionary<int, ImmutableArray<StoppedDomain>> _stopped = [];
    private RunSpec? _spec;
    private CampaignWork? _work;
    private IGrainTimer? _timer;
    private RunCounts _done = RunCounts.Zero;
    private Spending _spentDone;
    private long _begunDone;
    private long _began;
    private string? _limit;
    private long _restored;
    private int _next;
    private int _ended;
    private long _term;

    // Whether all have been heard in this term that may be at work for a campaign before it.
    private bool _knowsAll;
    private bool _stopping;
    private string? _error;

    public Task Start(RunSpec spec, CampaignWork work)
    {
        if (_spec is not null)
            return Task.CompletedTask;
        _spec = spec;
        _work = work;
        _began = time.GetTimestamp();
        BeginTerm(time.GetUtcNow().Ticks);
        _error = spec.Problem() ?? work.Budget.Problem();
        if (_error is not null)
            return Task.CompletedTask;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _timer = this.RegisterGrainTimer(
            Beat,
            new()
            {
                DueTime = TimeSpan.Zero,
                Period = Heartbeat,
                KeepAlive = true,
            }
        );
        return Task.CompletedTask;
    }

    public Task<CampaignStatus> Status()
    {
        var counts = _partitions.Values.Aggregate(_done, (sum, p) => sum + p.Counts);
        return Task.FromResult(
            new CampaignStatus(_spec?.Count ?? 0, counts, _partitions.Values.Sum(p => p.InFlight), IsFinished, _error)
            {
                Begun = _spec is not null,
                Restored = _restored + _partitions.Values.Sum(p => p.Restored),
                Stopped = StoppedBefore(int.MaxValue),
                Ended = _done.Done + _restored + _partitions.Values.Sum(p => Math.Max(p.Begun - p.InFlight, p.Counts.Done + p.Restored)),
                Spent = Spent,
                Limit = _limit,
            }
        );
    }

    public Task Stop()
    {
        _stopping = true;
        return Task.WhenAll(_partitions.Keys.ToArray().Select(partition => Ask(() => Partition(partition).Stop())));
    }

    public async Task Report(PartitionStatus status)
    {
        // A lower epoch is the word of an activation that has lost the partition to another.
        if (!_partitions.TryGetValue(status.Partition, out var known) || (status.Epoch != 0 && status.Epoch < known.Epoch))
            return;
        if (!status.Finished)
        {
            // A word that was long on its way tells of slots that others have by now.
            if (status.Epoch == known.Epoch && (status.Said, status.Number).CompareTo((known.Said, known.Number)) < 0)
                return;
            // Whom the words go to is the one that counts, even where the clock of its host is behind.
            if (status.Term > _term)
                BeginTerm(status.Term + 1);
            // One who has not found its place yet does not know what is in flight there; one that still listens to a campaign before this one may begin more.
            if (status.Epoch == 0 || status.Term < _term)
                return;
            _partitions[status.Partition] = status;
            Fill();
            return;
        }

        if (status.CutShort && !_stopping && _error is null)
        {
            // An activation of this campaign that is gone told it to stop. What it committed the next beat finds restored.
            _partitions[status.Partition] = NotHeard(status.Partition, status.Epoch);
            return;
        }

        _partitions.Remove(status.Partition);
        _granted.Remove(status.Partition);
        _spentDone += status.Spent;
        _begunDone += status.Begun;
        _done += status.Counts;
        _restored += status.Restored;
        _ended++;
        if (!status.Stopped.IsEmpty)
            _stopped[status.Partition] = status.Stopped;
        if (status.Error is { } error && _error is null)
        {
            // Storage that fails or an endpoint that refuses for one partition does so for all: what runs is stopped, what was committed stays.
            _error = error;
            await Stop();
        }

        Fill();
        if (!IsFinished || _timer is null)
            return;
        _timer.Dispose();
        _timer = null;
        DelayDeactivation(TimeSpan.Zero);
    }

    private bool IsFinished =>
        _spec is not null && _partitions.Count == 0 && (_stopping || _error is not null || _ended == _spec.Partitions);

    // A partition whose host died knows nothing any more: it is begun again, and goes on behind what it had committed. One that does
    // not know of the stop is told before it begins anything.
    private async Task Beat(CancellationToken cancellationToken)
    {
        foreach (var partition in _partitions.Keys.ToArray())
        {
            if (_stopping)
                await Ask(() => Partition(partition).Stop());
            await Ask(() => Partition(partition).Start(WorkOf(partition)));
            if (_granted.TryGetValue(partition, out var grant))
                await Ask(() => Partition(partition).Grant(grant));
        }

        Fill();
    }

    private PartitionWork WorkOf(int partition) =>
        new(_spec!, partition, _term)
        {
            Stopped = StoppedBefore(partition - Lookahead + 1),
            TellsAll = _work!.Budget is { Cost: not null } or { Tokens: not null },
        };

    // Where it first showed, of each domain.
    private ImmutableArray<StoppedDomain> StoppedBefore(int partition) =>
        [
            .. _stopped
                .TakeWhile(s => s.Key < partition)
                .SelectMany(s => s.Value)
                .GroupBy(s => s.Domain, StringComparer.Ordinal)
                .Select(g => g.First())
                .OrderBy(s => s.Domain, StringComparer.Ordinal),
        ];

    private IPartitionGrain Partition(int partition) => GrainFactory.GetGrain<IPartitionGrain>($"{_spec!.RunId}/{partition}");

    private Spending Spent => _partitions.Values.Aggregate(_spentDone, (sum, p) => sum + p.Spent);

    // An activation of this campaign that is gone, or forgotten and alive, may have granted slots to any partition that it had begun. They are known when those
    // partitions have said, in this term, what they have in flight: from then on they begin nothing that was not granted in it.
    private void BeginTerm(long term)
    {
        (_term, _knowsAll) = (term, false);
        _granted.Clear();
    }

    // No campaign before this one began more than these, where the first of them has not ended: it kept to the same lookahead. One with nothing to begin and nothing
    // under way may have ended long ago, and be about to say so again.
    private bool KnowsAll() =>
        _knowsAll |=
            _partitions.Values.All(IsHeard)
            && (
                _next == _spec!.Partitions
                || (_partitions.Count > 0 && _partitions.First().Value is var first && first.InFlight + ToBegin(first) > 0)
            );

    private static PartitionStatus NotHeard(int partition, long epoch) => new(partition, epoch, RunCounts.Zero, 0, 0, false, null);

    private bool IsHeard(PartitionStatus partition) => partition.Epoch > 0 && partition.Term == _term;

    // Begins partitions, and gives every slot that is free to one that can use it. Waits for no answer, so that a partition which gives none keeps no other waiting.
    private void Fill()
    {
        if (IsToEnd())
            return;
        // Those that are begun ahead wait for slots, so that one that is freed is in use a call later.
        while (_next < _spec!.Partitions && (_partitions.Count == 0 || _partitions.First().Key > _next - Lookahead))
        {
            var partition = _next++;
            _partitions[partition] = NotHeard(partition, 0);
            _ = Ask(() => Partition(partition).Start(WorkOf(partition)));
        }

        if (!KnowsAll())
            return;
        foreach (var (partition, grant) in Grants())
        {
            if (_granted.TryGetValue(partition, out var granted) && granted == grant)
                continue;
            _granted[partition] = grant;
            _ = Ask(() => Partition(partition).Grant(grant));
        }
    }

    private List<(int Partition, PartitionGrant Grant)> Grants()
    {
        PartitionStatus[] partitions = [.. _partitions.Values];
        var slots = Slots.Share(
            _work!.Concurrency,
            [.. partitions.Select(p => new SlotNeed(Held(p), IsHeard(p) ? p.InFlight + ToBegin(p) : p.InFlight))]
        );
        var grants = new List<(int, PartitionGrant)>(partitions.Length);
        var allowed = Admission.Begun(_work.Budget, Spent);
        // What was granted may have been used by now, and is never taken back.
        var more = allowed == long.MaxValue ? long.MaxValue : allowed - _begunDone - partitions.Sum(GrantedOrBegun);
        for (var i = 0; i < partitions.Length; i++)
        {
            var partition = partitions[i];
            if (!IsHeard(partition))
                continue;
            var begun = long.MaxValue;
            if (more != long.MaxValue)
            {
                var held = GrantedOrBegun(partition);
                var given = Math.Clamp(
                    Math.Min(slots[i] - partition.InFlight - (held - partition.Begun), ToBegin(partition)),
                    0,
                    Math.Max(0, more)
                );
                more -= given;
                begun = held + given;
            }

            grants.Add((partition.Partition, new(_term, partition.Epoch, Math.Max(slots[i], Granted(partition).Window), begun)));
        }

        return grants;
    }

    // Under another epoch a partition begins anew, with nothing granted.
    private PartitionGrant Granted(PartitionStatus partition) =>
        _granted.TryGetValue(partition.Partition, out var grant) && grant.Epoch == partition.Epoch ? grant : default;

    // What it said may have changed since. It has begun no more than was granted, and never has more under way than was under way and to begin.
    private int Held(PartitionStatus partition) =>
        IsHeard(partition)
            ? (int)Math.Min(Math.Max(partition.InFlight, Granted(partition).Window), partition.InFlight + ToBegin(partition))
            : partition.InFlight;

    private long GrantedOrBegun(PartitionStatus partition) =>
        Math.Max(partition.Begun, Granted(partition).Begun is var begun && begun != long.MaxValue ? begun : 0);

    private long ToBegin(PartitionStatus partition) =>
        _spec!.Range(partition.Partition) is var (first, end) ? end - first - partition.Begun : 0;

    /// <returns>Whether nothing more is to begin; the budget is watched here.</returns>
    private bool IsToEnd()
    {
        if (_stopping || _error is not null)
            return true;
        var (budget, spent) = (_work!.Budget, Spent);
        if (budget.IsNone)
            return false;
        if (budget.Duration is { } most && time.GetElapsedTime(_began) >= most)
            _limit = $"the limit on the duration, {most}, is reached";
        // While some are in flight, what they will have cost is a guess, and the grants keep to it; once all are written it is known.
        else if (
            _begunDone + _partitions.Values.Sum(GrantedOrBegun) <= spent.Indexes
            && spent.Indexes < _spec!.Count
            && Admission.IsUsedUp(budget, spent)
        )
            _limit = Admission.IsUsedUp(new() { Cost = budget.Cost }, spent)
                ? $"the limit on cost, ${budget.Cost}, is reached"
                : $"the limit of {budget.Tokens} tokens is reached";
        if (_limit is null)
            return false;
        _ = Stop();
        return true;
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
