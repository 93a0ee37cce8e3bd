using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Grains.Campaign;

/// <summary>
/// What a campaign knows of its partitions: the last report and the grant of each that runs, and the sums over the ended ones.
/// </summary>
/// <param name="lookahead">
/// Partition n begins when all partitions up to n - <paramref name="lookahead"/> have ended.
/// </param>
internal sealed class PartitionBook(RunSpec spec, int lookahead)
{
    private readonly SortedDictionary<int, PartitionStatus> _running = [];
    private readonly Dictionary<int, PartitionGrant> _granted = []; // Grants of this term.

    // Ended partitions → the domains that they stopped.
    private readonly SortedDictionary<int, ImmutableArray<StoppedDomain>> _stopped = [];
    private RunCounts _done = RunCounts.Zero;
    private Spending _spentDone;
    private long _begunDone;
    private long _restored;
    private int _next;
    private int _ended;

    // Whether every partition that an earlier activation of the campaign may have started has reported in this term.
    private bool _knowsAll;

    /// <summary>Start time of the campaign's activation in ticks, or later than any term that a partition reported.</summary>
    public long Term { get; private set; }

    public int[] Running => [.. _running.Keys];

    public bool AllEnded => _running.Count == 0 && _ended == spec.Partitions;

    /// <summary>Cost of the written rows, including those before a resume.</summary>
    public Spending Spent => _running.Values.Aggregate(_spentDone, (sum, p) => sum + p.Written.Spent);

    /// <summary>Dialogues that the budget has leased; their cost is known once they are written.</summary>
    public long Leased => _begunDone + _running.Values.Sum(LeasedTo);

    public CampaignStatus Status(bool finished, string? error) =>
        new(
            spec.Count,
            _running.Values.Aggregate(_done, (sum, p) => sum + p.Written.Rows),
            _running.Values.Sum(p => p.InFlight),
            finished,
            error
        )
        {
            Begun = true,
            Restored = _restored + _running.Values.Sum(p => p.Restored),
            Stopped = StoppedBefore(int.MaxValue),
            Ended = _done.Done + _restored + _running.Values.Sum(p => Math.Max(p.Begun - p.InFlight, p.Written.Rows.Done + p.Restored)),
            Spent = Spent,
            Waiting = _running.Values.Select(p => p.Waiting).FirstOrDefault(w => w is not null),
        };

    // An earlier activation of this campaign, dead or cut off from the directory, may have granted permits to any partition that it
    // started. These permits are known when all those partitions have reported their dialogues in flight in this term. From then on they
    // begin only what this term grants.
    public void BeginTerm(long term)
    {
        (Term, _knowsAll) = (term, false);
        _granted.Clear();
    }

    /// <summary>The grant that holds for a partition; null if it has none in this term.</summary>
    public PartitionGrant? GrantOf(int partition) => _granted.TryGetValue(partition, out var grant) ? grant : null;

    /// <summary>The first stop of each domain in the ended partitions before this one.</summary>
    public ImmutableArray<StoppedDomain> StoppedBefore(int partition) =>
        [
            .. _stopped
                .TakeWhile(s => s.Key < partition)
                .SelectMany(s => s.Value)
                .GroupBy(s => s.Domain, StringComparer.Ordinal)
                .Select(g => g.First())
                .OrderBy(s => s.Domain, StringComparer.Ordinal),
        ];

    /// <summary>Begins the next partition if the lookahead lets it.</summary>
    /// <returns>The partition, or null.</returns>
    public int? BeginNext()
    {
        if (_next == spec.Partitions || (_running.Count > 0 && _running.First().Key <= _next - lookahead))
            return null;
        _running[_next] = PartitionStatus.NotHeard(_next, 0);
        return _next++;
    }

    /// <summary>Whether a report is of a running partition, and of none of its fenced activations.</summary>
    // A lower epoch belongs to an activation that has lost the partition to another.
    public bool IsCurrent(PartitionStatus status) =>
        _running.TryGetValue(status.Partition, out var known) && (status.Epoch == 0 || status.Epoch >= known.Epoch);

    /// <summary>Takes the report of a running partition.</summary>
    /// <returns>Whether it said anything new.</returns>
    public bool Take(PartitionStatus status)
    {
        // Drop out-of-order reports: they may claim permits that already belong to another partition.
        if (_running[status.Partition] is var known && status.Epoch == known.Epoch && status.Number < known.Number)
            return false;
        // The campaign that receives the reports is the valid one, even if its host's clock is behind: it moves past the reported term.
        if (status.Term > Term)
            BeginTerm(status.Term + 1);
        // Epoch 0: the partition has not opened its sink and does not know what is in flight. A lower term: an earlier campaign may still
        // grant it more.
        if (status.Epoch == 0 || status.Term < Term)
        {
            _running[status.Partition] = known with { Waiting = status.Waiting };
            return false;
        }

        _running[status.Partition] = status;
        return true;
    }

    /// <summary>A stop of an earlier campaign ended the partition: it runs again, and what it committed comes back as restored.</summary>
    public void RunsAgain(PartitionStatus status) => _running[status.Partition] = PartitionStatus.NotHeard(status.Partition, status.Epoch);

    /// <summary>Takes the last report of a partition.</summary>
    public void End(PartitionStatus status)
    {
        _running.Remove(status.Partition);
        _granted.Remove(status.Partition);
        _spentDone += status.Written.Spent;
        _begunDone += status.Begun;
        _done += status.Written.Rows;
        _restored += status.Restored;
        _ended++;
        if (!status.Written.Stopped.IsEmpty)
            _stopped[status.Partition] = status.Written.Stopped;
    }

    /// <summary>Grants every free permit to a partition that can use it, and leases what the budget allows.</summary>
    /// <param name="leasable">Dialogues that the budget lets begin, ended ones included; unlimited without one.</param>
    /// <returns>The partitions whose grants changed; none before all were heard.</returns>
    public List<int> Grant(int permits, long leasable)
    {
        var changed = new List<int>();
        if (!KnowsAll())
            return changed;
        PartitionStatus[] partitions = [.. _running.Values];
        var windows = Permits.Share(
            permits,
            [.. partitions.Select(p => new PermitNeed(Held(p), IsHeard(p) ? InWindow(p) + ToBegin(p) : InWindow(p)))]
        );
        // A lease may have been used already and is never taken back.
        var more = leasable == long.MaxValue ? long.MaxValue : leasable - Leased;
        for (var i = 0; i < partitions.Length; i++)
        {
            var partition = partitions[i];
            if (!IsHeard(partition))
                continue;
            var lease = long.MaxValue;
            if (more != long.MaxValue)
            {
                // A window ahead of what has begun, so that dialogues that end before the next report have successors.
                var leased = LeasedTo(partition);
                var ahead = Math.Min(windows[i], ToBegin(partition)) - (leased - partition.Begun);
                var given = Math.Clamp(ahead, 0, Math.Max(0, more));
                more -= given;
                lease = leased + given;
            }

            var grant = new PartitionGrant(Term, partition.Epoch, Math.Max(windows[i], Granted(partition).Window), lease);
            if (GrantOf(partition.Partition) == grant)
                continue;
            _granted[partition.Partition] = grant;
            changed.Add(partition.Partition);
        }

        return changed;
    }

    // An earlier campaign kept to the same lookahead, so it started no further partitions while the first of these is unfinished. A first
    // partition with nothing in flight and nothing to begin does not count: it may be finished and about to repeat its final report.
    private bool KnowsAll() =>
        _knowsAll |=
            _running.Values.All(IsHeard)
            && (
                _next == spec.Partitions
                || (_running.Count > 0 && _running.First().Value is var first && first.InFlight + ToBegin(first) > 0)
            );

    private bool IsHeard(PartitionStatus partition) => partition.Epoch > 0 && partition.Term == Term;

    // A grant is void under another epoch: the partition starts over with none.
    private PartitionGrant Granted(PartitionStatus partition) =>
        GrantOf(partition.Partition) is { } grant && grant.Epoch == partition.Epoch ? grant : default;

    // The report may be out of date. The partition begins no more than was granted, and its dialogues in flight never exceed those in
    // flight plus those to begin.
    private int Held(PartitionStatus partition) =>
        IsHeard(partition)
            ? (int)Math.Min(Math.Max(InWindow(partition), Granted(partition).Window), InWindow(partition) + ToBegin(partition))
            : InWindow(partition);

    private static int InWindow(PartitionStatus partition) => partition.InFlight - partition.BeyondWindow;

    private long LeasedTo(PartitionStatus partition) =>
        Math.Max(partition.Begun, Granted(partition).Begun is var begun && begun != long.MaxValue ? begun : 0);

    private long ToBegin(PartitionStatus partition) =>
        spec.Range(partition.Partition) is var (first, end) ? end - first - partition.Begun : 0;
}
