using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Grains.Rows;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains.Campaign;

/// <summary>
/// Keeps a window of dialogues in flight. Restarts dialogues that went silent, and plays dialogues again in which the simulated human
/// broke its role. The dialogues hand their results to the sink; the partition hears what follows from them. The start is what the sink has
/// committed, so a new activation continues after the last commit. If the sink's activation is lost, uncommitted work is done again under
/// a new epoch.
/// </summary>
public sealed partial class PartitionGrain(IRunCatalog runs, TimeProvider time, ILostSilos? lostSilos = null) : Grain, IPartitionGrain
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>A dialogue silent for this long is started again. Start is idempotent: a running dialogue continues.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    // How many windows ahead of the oldest unwritten index dialogues may begin. One dialogue with all its attempts takes a few times as
    // long as the others. This also bounds the sink's reorder buffer: only dialogues that began append to it.
    private const long WaitingLimit = 8;

    /// <summary>How often a dialogue may be started and vanish without a report before its index ends as failed.</summary>
    public const int BeginningLimit = 8;

    private readonly Flights _inFlight = new(time);

    // Domain → the lowest known index that stopped it: later dialogues need not be played. The sink decides what their rows say.
    private readonly Dictionary<string, long> _stopped = new(StringComparer.Ordinal);
    private PartitionWork? _work;
    private RunSpec? _spec;
    private (long First, long End) _range;
    private long _term;
    private PartitionGrant _grant;
    private long _nextToStart;
    private long _written;
    private bool _stopping;
    private bool _finished;
    private bool _overtaken;
    private int _lostSilos = lostSilos?.Count ?? 0;
    private string? _error;

    public async Task Start(PartitionWork work)
    {
        // The next result or heartbeat acts on it.
        _stopping |= work.IsStopping;
        if (_work is null)
        {
            await Begin(work);
        }
        else if (_finished)
        {
            // A repeated Start after completion means that our final report was lost: send it again.
            if (!_overtaken)
                await Finish();
        }
        else
        {
            Enter(work.Term);
            if (work.Grant is { } grant)
                await Accept(grant);
        }
    }

    public async Task Completed(AttemptEnd end)
    {
        if (!await Take(end))
            return;
        await Admit();
        // Partitions that wait for permits need this now, not at the next heartbeat.
        if (_nextToStart >= _range.End)
            QueueReport();
    }

    public Task Lend(PermitLoan loan) => IsOpen && _sink!.Epoch == loan.Epoch && _inFlight.Lend(loan) ? Admit() : Task.CompletedTask;

    private async Task Begin(PartitionWork work)
    {
        (_work, _term) = (work with { Owner = time.GetUtcNow().Ticks }, work.Term);
        try
        {
            _spec = runs.SpecOf(work.RunId);
            _range = _spec.Range(work.Partition);
        }
        catch (RunException e)
        {
            await Fail(e.Message);
            return;
        }

        DelayDeactivation(Timeout.InfiniteTimeSpan);
        // The first heartbeat opens the sink and admits dialogues, so that the caller does not wait for storage.
        this.RegisterGrainTimer(
            OnHeartbeat,
            new()
            {
                DueTime = TimeSpan.Zero,
                Period = Heartbeat,
                KeepAlive = true,
            }
        );
    }

    // A new campaign activation does not know its predecessor's grants, and grants nothing until this partition has reported what is in
    // flight.
    private void Enter(long term)
    {
        if (term <= _term)
            return;
        _term = term;
        QueueReport();
    }

    private Task Accept(PartitionGrant grant)
    {
        if (!IsOpen || (grant.Term, grant.Epoch) != (_term, _sink!.Epoch))
            return Task.CompletedTask;
        var held = Held;
        _grant = grant with { Window = Math.Max(grant.Window, held.Window), Begun = Math.Max(grant.Begun, held.Begun) };
        return Admit();
    }

    // A grant of an earlier term or of an earlier epoch is void: its permits may have been granted again.
    private PartitionGrant Held => (_grant.Term, _grant.Epoch) == (_term, _sink!.Epoch) ? _grant : default;

    private bool MayBegin =>
        Held is var held
        // Lenders resume beside the dialogues that began in their place. At most half the window is lent, which bounds the excess.
        && _inFlight.Count - Math.Min(_inFlight.Lent, held.Window / 2) < held.Window
        && _nextToStart < _written + (WaitingLimit * held.Window)
        && _nextToStart - _range.First < held.Begun;

    private bool IsOpen => _sink is not null && !_finished;

    private bool IsOnBudget => IsOpen && Held is { Window: > 0, Begun: < long.MaxValue };

    private bool IsLeaseUsed => IsOnBudget && _nextToStart - _range.First >= Held.Begun;

    /// <returns>Whether this call recorded the end; false for a repeated, unexpected or fenced one.</returns>
    private async Task<bool> Take(AttemptEnd end)
    {
        if (!IsOpen || _sink!.Epoch != end.Epoch || !_inFlight.Has(end.Index, end.Attempt))
            return false;
        if (end.RunError is { } error)
        {
            // What is in flight has no row. What is written is committed, and a resume continues after it with the journaled answers.
            _error ??= error;
            _stopping = true;
            _inFlight.Clear();
            await Close();
            return false;
        }

        var receipt = end.Receipt!;
        if (!await Holds(receipt))
            return false;
        _written = Math.Max(_written, receipt.Next);
        if (receipt.Consequence == Consequence.StopDomain)
            Stop(_spec!.DomainOf(end.Index), end.Index);
        if (receipt.Consequence == Consequence.TryAgain)
        {
            _inFlight.Begin(end.Index, end.Attempt + 1);
            await Begin(end.Index);
        }
        else
        {
            _inFlight.End(end.Index);
        }

        return true;
    }

    private void Stop(string domain, long index) => _stopped[domain] = Math.Min(index, _stopped.GetValueOrDefault(domain, long.MaxValue));

    private async Task Admit()
    {
        if (_work is null)
            return;
        while (IsOpen && !_stopping && _nextToStart < _range.End && MayBegin)
        {
            var index = _nextToStart++;
            _inFlight.Begin(index, attempt: 0);
            await Begin(index);
        }

        if (IsOpen && _inFlight.Count == 0 && !_closing && (_stopping || _nextToStart >= _range.End))
            await Close();
        // The report settles the lease of the budget, and the campaign's next grant renews it.
        else if (!_stopping && _nextToStart < _range.End && IsLeaseUsed)
            QueueReport();
    }

    /// <returns>Whether the dialogue has started as far as is known; false if it was already running.</returns>
    private async Task<bool> Begin(long index)
    {
        var (flight, domain) = (_inFlight.Of(index), _spec!.DomainOf(index));
        var work = new DialogueWork(_spec.RunId, _work!.Partition, index, flight.Attempt, _sink!.Epoch) { Domain = domain };
        try
        {
            if (flight.Beginnings >= BeginningLimit)
                return await Fail(work, $"the dialogue was begun {BeginningLimit} times and never reported");
            if (_stopped.TryGetValue(domain, out var stop) && stop < index)
                return await Fail(work, $"the domain was stopped at index {stop}");
            return await GrainFactory.GetGrain<IDialogueGrain>($"{work.RunId}/{index}/{flight.Attempt}").Start(work);
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // It stays in flight, and is started again after the silence limit.
            return true;
        }
    }

    private async Task OnHeartbeat(CancellationToken cancellationToken)
    {
        if (_finished)
        {
            // The final report got no answer. The campaign may have received it; then it does not start this partition again.
            if (!_overtaken)
                await Finish();
            return;
        }

        await Open();
        // After the death of a silo any dialogue may be gone. Those on other silos run on.
        var isAnyGone = lostSilos is not null && lostSilos.Count != _lostSilos;
        _lostSilos = lostSilos?.Count ?? 0;
        await Task.WhenAll(_inFlight.Silent(isAnyGone ? TimeSpan.Zero : Silence).Select(AskAfter));
        await Admit();
        if (_finished)
            return;
        await Count();
        if (!_finished)
            await Report();
    }

    private async Task AskAfter(long index)
    {
        // While one is asked after, the sink may open again, and all of them begin anew.
        if (!IsOpen || _inFlight.Restart(index) is not { } attempt)
            return;
        if (await Begin(index))
            _inFlight.Began(index, attempt);
    }
}
