using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Setups;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains.Campaign;

/// <summary>Drives the partitions of a run within a lookahead, shares permits and budget among them, and sums what they report.</summary>
public sealed class CampaignGrain(IRunCatalog runs, TimeProvider time) : Grain, ICampaignGrain
{
    /// <summary>
    /// Partition n starts when all partitions up to n - <see cref="Lookahead"/> have ended. It receives the domains that they stopped, so
    /// which domains those are depends on rows alone. 8 is far enough that one slow dialogue does not starve the other partitions.
    /// </summary>
    public const int Lookahead = 8;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private RunSpec? _spec;
    private PartitionBook? _partitions;
    private CampaignWork? _work;
    private IGrainTimer? _timer;
    private long _began;
    private string? _limit;
    private bool _stopping;
    private string? _error;

    public Task Start(CampaignWork work)
    {
        if (_work is not null)
        {
            // An earlier campaign of the run ended here. Its state goes with the activation; the caller starts the next one.
            if (IsFinished && work.Number > _work.Number)
                DeactivateOnIdle();
            return Task.CompletedTask;
        }

        _work = work;
        _began = time.GetTimestamp();
        try
        {
            _spec = runs.SpecOf(this.GetPrimaryKeyString());
        }
        catch (RunException e)
        {
            _error = e.Message;
            return Task.CompletedTask;
        }

        _partitions = new(_spec, Lookahead);
        _partitions.BeginTerm(time.GetUtcNow().Ticks);
        _error = _spec.Problem() ?? work.Budget.Problem();
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

    public Task<CampaignStatus> Status() =>
        Task.FromResult(
            _partitions is null
                ? new CampaignStatus(0, RunCounts.Zero, 0, IsFinished, _error) { Begun = _work is not null, Number = _work?.Number ?? 0 }
                : _partitions.Status(IsFinished, _error) with
                {
                    Number = _work!.Number,
                    Limit = _limit,
                }
        );

    public Task Stop()
    {
        _stopping = true;
        return _partitions is null ? Task.CompletedTask : Task.WhenAll(_partitions.Running.Select(Order));
    }

    public async Task Report(PartitionStatus status)
    {
        if (_partitions is null || !_partitions.IsCurrent(status))
            return;
        if (!status.Finished)
        {
            if (_partitions.Take(status))
                Fill();
            return;
        }

        if (status.CutShort && !_stopping && _error is null)
        {
            // An earlier activation of this campaign stopped it. The next heartbeat starts it again.
            _partitions.RunsAgain(status);
            return;
        }

        _partitions.End(status);
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
        _work is not null
        && (_partitions is null || _partitions.AllEnded || (_partitions.Running.Length == 0 && (_stopping || _error is not null)));

    // A partition whose host died has lost its state: Start makes it continue after its last commit.
    private async Task OnHeartbeat(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_partitions!.Running.Select(Order));
        Fill();
    }

    // The whole order each time: whatever was lost before, the partition has it now.
    private async Task Order(int partition)
    {
        var work = new PartitionWork(_spec!.RunId, partition, _partitions!.Term)
        {
            Stopped = _partitions.StoppedBefore(partition - Lookahead + 1),
            Grant = _partitions.GrantOf(partition),
            IsStopping = _stopping,
        };
        try
        {
            await GrainFactory.GetGrain<IPartitionGrain>($"{work.RunId}/{partition}").Start(work);
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // The next heartbeat repeats it.
            return;
        }
    }

    // Starts partitions, and tells those whose grants changed. Awaits no answer, so that an unresponsive partition delays no other.
    private void Fill()
    {
        if (IsToEnd())
            return;
        // Partitions that start ahead wait for permits, so that a freed permit is in use one call later.
        while (_partitions!.BeginNext() is { } partition)
            _ = Order(partition);
        foreach (var partition in _partitions.Grant(_work!.Concurrency, Admission.Begun(_work.Budget, _partitions.Spent)))
            _ = Order(partition);
    }

    /// <summary>Also enforces the budget.</summary>
    /// <returns>Whether no further dialogue may begin.</returns>
    private bool IsToEnd()
    {
        if (_stopping || _error is not null)
            return true;
        var (budget, spent) = (_work!.Budget, _partitions!.Spent);
        if (budget.IsNone)
            return false;
        if (budget.Duration is { } most && time.GetElapsedTime(_began) >= most)
            _limit = $"the limit on the duration, {most}, is reached";
        // While leased dialogues are in flight their cost is an estimate. Once all of them are written the cost is known.
        else if (_partitions.Leased <= spent.Indexes && spent.Indexes < _spec!.Count && Admission.IsUsedUp(budget, spent))
            _limit = Admission.IsUsedUp(new() { Cost = budget.Cost }, spent)
                ? $"the limit on cost, ${budget.Cost}, is reached"
                : $"the limit of {budget.Tokens} tokens is reached";
        if (_limit is null)
            return false;
        _ = Stop();
        return true;
    }
}
