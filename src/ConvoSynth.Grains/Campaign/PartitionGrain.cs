using ConvoSynth.Core;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// Keeps a window of dialogues in flight and hands their results to the sink. Restarts dialogues that went silent, and plays dialogues
/// again in which the simulated human broke its role. The start is what the sink has committed, so a new activation continues after the
/// last commit. If the sink's activation is lost, uncommitted work is done again under a new epoch.
/// </summary>
public sealed class PartitionGrain(IRunCatalog runs, TimeProvider time) : Grain, IPartitionGrain
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A dialogue that has not reported for this long is started again. Start is idempotent: a running dialogue continues.
    /// </summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    // How many windows ahead of the oldest unwritten index dialogues may begin. One dialogue with all its attempts takes a few times as
    // long as the others.
    private const long WaitingLimit = 8;

    /// <summary>How often a dialogue may be started and vanish without a report before its index ends as failed.</summary>
    public const int BeginningLimit = 8;

    private readonly Dictionary<long, Flight> _inFlight = [];

    // Indexes in flight whose permits are lent. If the end of a loan is lost, the dialogue's result or its restart ends the loan.
    private readonly HashSet<long> _lent = [];

    // Domain → the lowest known index that stopped it: later dialogues need not be played. The sink decides what their rows say.
    private readonly Dictionary<string, long> _stopped = new(StringComparer.Ordinal);
    private PartitionWork? _work;
    private RunSpec? _spec;
    private (long First, long End) _range;
    private SinkReceipt? _counted;

    // Null while the sink is not open: no dialogue is admitted and no result accepted.
    private SinkOpening? _sink;
    private Spending _spent;
    private long _term;
    private PartitionGrant _grant;
    private long _nextToStart;
    private long _written;
    private long _reports;
    private bool _isReporting;
    private bool _isReportDue;
    private bool _opening;
    private bool _stopping;
    private bool _closing;
    private bool _finished;
    private bool _overtaken;
    private string? _error;

    /// <param name="Heard">When it was started or last found running.</param>
    /// <param name="Beginnings">How often this attempt was started and was not already running.</param>
    private readonly record struct Flight(int Attempt, DateTimeOffset Heard, int Beginnings);

    public async Task Start(PartitionWork work)
    {
        if (_work is null)
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
        else if (_finished && !_overtaken)
        {
            // A repeated Start after completion means that our final report was lost: send it again.
            await Finish();
        }
        else if (work.Term > _term)
        {
            // A new campaign activation does not know its predecessor's grants, and grants nothing until this partition has reported what
            // is in flight.
            _term = work.Term;
            QueueReport();
        }
    }

    public async Task Completed(DialogueResult result)
    {
        if (!await Take(result))
            return;
        await Admit();
        // Partitions that wait for permits, and a campaign with a budget, need this now, not at the next heartbeat.
        if (_work!.ReportsEachDialogue || _nextToStart >= _range.End)
            QueueReport();
    }

    public Task Grant(PartitionGrant grant)
    {
        if (!IsOpen || (grant.Term, grant.Epoch) != (_term, _sink!.Epoch))
            return Task.CompletedTask;
        var held = Held;
        _grant = grant with { Window = Math.Max(grant.Window, held.Window), Begun = Math.Max(grant.Begun, held.Begun) };
        return Admit();
    }

    public Task Lend(PermitLoan loan)
    {
        if (
            !IsOpen
            || _sink!.Epoch != loan.Epoch
            || !_inFlight.TryGetValue(loan.Index, out var flight)
            || flight.Attempt != loan.Attempt
            || !(loan.IsLent ? _lent.Add(loan.Index) : _lent.Remove(loan.Index))
        )
            return Task.CompletedTask;
        return Admit();
    }

    public Task Stop()
    {
        // The next result or heartbeat acts on it.
        _stopping = true;
        return Task.CompletedTask;
    }

    private ISinkGrain Sink => GrainFactory.GetGrain<ISinkGrain>(this.GetPrimaryKeyString());

    // A grant of an earlier term or of an earlier epoch is void: its permits may have been granted again.
    private PartitionGrant Held => (_grant.Term, _grant.Epoch) == (_term, _sink!.Epoch) ? _grant : default;

    private bool MayBegin =>
        Held is var held
        // Lenders resume beside the dialogues that began in their place. At most half the window is lent, which bounds the excess.
        && _inFlight.Count - Math.Min(_lent.Count, held.Window / 2) < held.Window
        && _nextToStart < _written + (WaitingLimit * held.Window)
        && _nextToStart - _range.First < held.Begun;

    private bool IsOpen => _sink is not null && !_finished;

    private bool IsAwaited(DialogueResult result) =>
        IsOpen && _sink!.Epoch == result.Epoch && _inFlight.TryGetValue(result.Index, out var flight) && flight.Attempt == result.Attempt;

    /// <returns>Whether this call recorded the result; false for a repeated, unexpected or fenced one.</returns>
    private async Task<bool> Take(DialogueResult result)
    {
        if (!IsAwaited(result))
            return false;
        if (result.RunError is { } error)
        {
            // What is in flight has no row. What is written is committed, and a resume continues after it with the journaled answers.
            _error ??= error;
            _stopping = true;
            _inFlight.Clear();
            _lent.Clear();
            await Close();
            return false;
        }

        var receipt = await Sink.Append(result);
        // While the sink wrote, it may have been lost and opened again, or a duplicate report may have arrived.
        if (!IsAwaited(result) || !await Holds(receipt))
            return false;
        (_written, _spent) = (Math.Max(_written, receipt.Next), receipt.Spent);
        _lent.Remove(result.Index);
        var consequence = result.ConsequenceIn(_spec!);
        if (consequence == Consequence.StopDomain)
            Stop(_spec!.DomainOf(result.Index), result.Index);
        if (consequence == Consequence.TryAgain)
        {
            _inFlight[result.Index] = new(result.Attempt + 1, time.GetUtcNow(), 1);
            await Begin(result.Index);
        }
        else
        {
            _inFlight.Remove(result.Index);
        }

        return true;
    }

    private void Stop(string domain, long index) => _stopped[domain] = Math.Min(index, _stopped.GetValueOrDefault(domain, long.MaxValue));

    private async Task Open()
    {
        if (_opening || _sink is not null || _finished)
            return;
        _opening = true;
        SinkOpening opening;
        try
        {
            opening = await Sink.Open(_work!);
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // The next heartbeat opens it.
            return;
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
        _lent.Clear();
        _stopped.Clear();
        _counted = null;
        foreach (var stop in opening.Stopped)
            Stop(stop.Domain, stop.Index);
        _nextToStart = _written = opening.Next;
        _spent = opening.Spent;
        _sink = opening;
        // The campaign grants permits only to partitions that have reported.
        QueueReport();
    }

    private async Task Admit()
    {
        if (_work is null)
            return;
        var end = _range.End;
        while (IsOpen && !_stopping && _nextToStart < end && MayBegin)
        {
            var index = _nextToStart++;
            _inFlight[index] = new(0, time.GetUtcNow(), 1);
            await Begin(index);
        }

        if (IsOpen && _inFlight.Count == 0 && !_closing && (_stopping || _nextToStart >= end))
            await Close();
    }

    /// <returns>Whether the dialogue has started as far as is known; false if it was already running.</returns>
    private async Task<bool> Begin(long index)
    {
        var (spec, epoch, attempt) = (_spec!, _sink!.Epoch, _inFlight[index].Attempt);
        try
        {
            if (_stopped.TryGetValue(spec.DomainOf(index), out var stop) && stop < index)
                return await Take(
                    new()
                    {
                        Index = index,
                        Attempt = attempt,
                        Epoch = epoch,
                        Error = $"the domain was stopped at index {stop}",
                    }
                );
            return await GrainFactory
                .GetGrain<IDialogueGrain>($"{spec.RunId}/{index}/{attempt}")
                .Start(new(spec.RunId, _work!.Partition, index, attempt, epoch));
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // It stays in flight, and is started again after the silence limit.
            return true;
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
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // The next heartbeat closes it.
            return;
        }
        finally
        {
            _closing = false;
        }

        if (!IsOpen || !await Holds(receipt))
            return;
        _counted = receipt;
        await Finish();
    }

    /// <summary>Handles any answer other than <see cref="SinkAnswer.Done"/>.</summary>
    /// <returns>Whether the answer was <see cref="SinkAnswer.Done"/>.</returns>
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
                // Another activation of this partition has taken over; this one ends without a report.
                _finished = _overtaken = true;
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
        if (await Report())
            DeactivateOnIdle();
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
        var now = time.GetUtcNow();
        await Task.WhenAll(_inFlight.Where(f => now - f.Value.Heard >= Silence).Select(f => f.Key).Order().ToArray().Select(AskAfter));
        await Admit();
        if (_finished)
            return;
        await Count();
        if (!_finished)
            await Report();
    }

    private async Task Count()
    {
        if (!IsOpen)
            return;
        var epoch = _sink!.Epoch;
        try
        {
            var receipt = await Sink.Count(epoch);
            if (_sink?.Epoch != epoch || _finished)
                return;
            if (receipt.Answer == SinkAnswer.Done)
                _counted = receipt;
            // A fenced activation gives up its place here. Otherwise grants would keep arriving at it and not at the owner, which the
            // directory may have forgotten, and neither would make progress. Other answers wait for the next result or the close.
            else if (receipt.Answer == SinkAnswer.OtherOwner)
                await Holds(receipt);
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // The next heartbeat asks again.
            return;
        }
    }

    private async Task AskAfter(long index)
    {
        if (!IsOpen || !_inFlight.TryGetValue(index, out var flight))
            return;
        if (flight.Beginnings >= BeginningLimit)
        {
            await Completed(
                new()
                {
                    Index = index,
                    Attempt = flight.Attempt,
                    Epoch = _sink!.Epoch,
                    Error = $"the dialogue was begun {flight.Beginnings} times and never reported",
                }
            );
            return;
        }

        _lent.Remove(index);
        _inFlight[index] = flight with { Heard = time.GetUtcNow() };
        var attempt = flight.Attempt;
        if (await Begin(index) && _inFlight.TryGetValue(index, out flight) && flight.Attempt == attempt)
            _inFlight[index] = flight with { Beginnings = flight.Beginnings + 1 };
    }

    // One report at a time; changes that occur meanwhile go into the next one.
    private void QueueReport()
    {
        _isReportDue = true;
        if (!_isReporting && !_finished)
            _ = ReportUntilHeard();
    }

    private async Task ReportUntilHeard()
    {
        _isReporting = true;
        while (_isReportDue && !_finished)
        {
            _isReportDue = false;
            await Report();
        }

        _isReporting = false;
    }

    private async Task<bool> Report()
    {
        var status = new PartitionStatus(
            _work!.Partition,
            _sink?.Epoch ?? 0,
            _counted?.Counts ?? RunCounts.Zero,
            _sink?.Restored ?? 0,
            _inFlight.Count,
            _finished,
            _error
        )
        {
            Term = _term,
            ReportedAt = time.GetUtcNow(),
            Number = ++_reports,
            BeyondWindow = _grant.Epoch == (_sink?.Epoch ?? 0) ? Math.Max(0, _inFlight.Count - _grant.Window) : 0,
            Begun = IsOpen || _finished ? Math.Max(0, _nextToStart - _range.First) : 0,
            Spent = _spent,
            Stopped = _counted?.Stopped ?? [],
            CutShort = _finished && _error is null && _counted?.Next < _range.End,
        };
        try
        {
            await GrainFactory.GetGrain<ICampaignGrain>(_work.RunId).Report(status);
            return true;
        }
        catch (Exception e) when (GrainCallRetry.Is(e))
        {
            // The next heartbeat reports again.
            return false;
        }
    }
}
