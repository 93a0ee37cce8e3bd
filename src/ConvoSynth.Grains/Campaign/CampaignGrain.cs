using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Runs.Setups;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>Drives the partitions of a run within a lookahead, shares permits among them, and sums what they report.</summary>
public sealed class CampaignGrain(IRunCatalog runs, TimeProvider time) : Grain, ICampaignGrain
{
    /// <summary>
    /// Partition n starts when all partitions up to n - <see cref="Lookahead"/> have ended. It receives the domains that they stopped, so
    /// which domains those are depends on rows alone. 8 is far enough that one slow dialogue does not starve the other partitions.
    /// </summary>
    public const int Lookahead = 8;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<int, PartitionStatus> _partitions = [];
    private readonly Dictionary<int, PartitionGrant> _granted = []; // Grants of this term.

    // Ended partitions → the domains that they stopped.
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

    // Whether every partition that an earlier activation of the campaign may have started has reported in this term.
    private bool _knowsAll;
    private bool _stopping;
    private string? _error;

    public Task Start(CampaignWork work)
    {
        if (_spec is not null)
            return Task.CompletedTask;
        var spec = runs.SpecOf(this.GetPrimaryKeyString());
        _spec = spec;
        _work = work;
        _began = time.GetTimestamp();
        BeginTerm(time.GetUtcNow().Ticks);
        _error = spec.Problem() ?? work.Budget.Problem();
        if (_error is not null)
            return Task.CompletedTask;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _timer = this.RegisterGrainTimer(
            OnHeartbeat,
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
        // A lower epoch belongs to an activation that has lost the partition to another.
        if (!_partitions.TryGetValue(status.Partition, out var known) || (status.Epoch != 0 && status.Epoch < known.Epoch))
            return;
        if (!status.Finished)
        {
            // Drop out-of-order reports: they may claim permits that already belong to another partition.
            if (status.Epoch == known.Epoch && (status.ReportedAt, status.Number).CompareTo((known.ReportedAt, known.Number)) < 0)
                return;
            // The campaign that receives the reports is the valid one, even if its host's clock is behind: it moves past the reported
            // term.
            if (status.Term > _term)
                BeginTerm(status.Term + 1);
            // Epoch 0: the partition has not opened its sink and does not know what is in flight. A lower term: an earlier campaign may
            // still grant it more.
            if (status.Epoch == 0 || status.Term < _term)
                return;
            _partitions[status.Partition] = status;
            Fill();
            return;
        }

        if (status.CutShort && !_stopping && _error is null)
        {
            // An earlier activation of this campaign stopped it. The next heartbeat starts it again; what it committed comes back as
            // restored.
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
            // Failing storage or a refusing endpoint affects every partition. Stop what runs; what is committed stays.
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

    // A partition whose host died has lost its state: Start makes it continue after its last commit. Stop precedes Start, so that a new
    // activation of a partition begins no dialogue.
    private async Task OnHeartbeat(CancellationToken cancellationToken)
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
        new(_spec!.RunId, partition, _term)
        {
            Stopped = StoppedBefore(partition - Lookahead + 1),
            ReportsEachDialogue = _work!.Budget is { Cost: not null } or { Tokens: not null },
        };

    // The first stop of each domain.
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

    // An earlier activation of this campaign, dead or cut off from the directory, may have granted permits to any partition that it
    // started. These permits are known when all those partitions have reported their dialogues in flight in this term. From then on they
    // begin only what this term grants.
    private void BeginTerm(long term)
    {
        (_term, _knowsAll) = (term, false);
        _granted.Clear();
    }

    // An earlier campaign kept to the same lookahead, so it started no further partitions while the first of these is unfinished. A first
    // partition with nothing in flight and nothing to begin does not count: it may be finished and about to repeat its final report.
    private bool KnowsAll() =>
        _knowsAll |=
            _partitions.Values.All(IsHeard)
            && (
                _next == _spec!.Partitions
                || (_partitions.Count > 0 && _partitions.First().Value is var first && first.InFlight + ToBegin(first) > 0)
            );

    private static PartitionStatus NotHeard(int partition, long epoch) => new(partition, epoch, RunCounts.Zero, 0, 0, false, null);

    private bool IsHeard(PartitionStatus partition) => partition.Epoch > 0 && partition.Term == _term;

    // Starts partitions and grants every free permit to a partition that can use it. Awaits no answer, so that an unresponsive partition
    // delays no other.
    private void Fill()
    {
        if (IsToEnd())
            return;
        // Partitions that start ahead wait for permits, so that a freed permit is in use one call later.
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
        var permits = Permits.Share(
            _work!.Concurrency,
            [.. partitions.Select(p => new PermitNeed(Held(p), IsHeard(p) ? InWindow(p) + ToBegin(p) : InWindow(p)))]
        );
        var grants = new List<(int, PartitionGrant)>(partitions.Length);
        var allowed = Admission.Begun(_work.Budget, Spent);
        // Granted admissions may have been used already and are never taken back.
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
                    Math.Min(permits[i] - InWindow(partition) - (held - partition.Begun), ToBegin(partition)),
                    0,
                    Math.Max(0, more)
                );
                more -= given;
                begun = held + given;
            }

            grants.Add((partition.Partition, new(_term, partition.Epoch, Math.Max(permits[i], Granted(partition).Window), begun)));
        }

        return grants;
    }

    // A grant is void under another epoch: the partition starts over with none.
    private PartitionGrant Granted(PartitionStatus partition) =>
        _granted.TryGetValue(partition.Partition, out var grant) && grant.Epoch == partition.Epoch ? grant : default;

    // The report may be out of date. The partition begins no more than was granted, and its dialogues in flight never exceed those in
    // flight plus those to begin.
    private int Held(PartitionStatus partition) =>
        IsHeard(partition)
            ? (int)Math.Min(Math.Max(InWindow(partition), Granted(partition).Window), InWindow(partition) + ToBegin(partition))
            : InWindow(partition);

    private static int InWindow(PartitionStatus partition) => partition.InFlight - partition.BeyondWindow;

    private long GrantedOrBegun(PartitionStatus partition) =>
        Math.Max(partition.Begun, Granted(partition).Begun is var begun && begun != long.MaxValue ? begun : 0);

    private long ToBegin(PartitionStatus partition) =>
        _spec!.Range(partition.Partition) is var (first, end) ? end - first - partition.Begun : 0;

    /// <summary>Also enforces the budget.</summary>
    /// <returns>Whether no further dialogue may begin.</returns>
    private bool IsToEnd()
    {
        if (_stopping || _error is not null)
            return true;
        var (budget, spent) = (_work!.Budget, Spent);
        if (budget.IsNone)
            return false;
        if (budget.Duration is { } most && time.GetElapsedTime(_began) >= most)
            _limit = $"the limit on the duration, {most}, is reached";
        // While dialogues are in flight their cost is an estimate, and the grants respect it. Once every begun index is written the cost
        // is known.
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

    // The next heartbeat repeats a call that was lost.
    private static async Task Ask(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            return;
        }
    }
}
