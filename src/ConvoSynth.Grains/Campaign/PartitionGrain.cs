using ConvoSynth.Core;
using ConvoSynth.Synthesis;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains;

/// <summary>
/// Keeps a window of dialogues in flight, hands their results to the sink, starts again those that went silent, and tries again those that
/// their human spoiled. Where it begins is what the sink has committed, so a new activation, in this process or the next, goes on where the last one's commits end. The same
/// happens when the sink's activation is lost: what it had not committed is done again, under a new epoch.
/// </summary>
public sealed class PartitionGrain(TimeProvider time) : Grain, IPartitionGrain
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>A dialogue that has not reported for so long is started again; starting one that runs changes nothing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    // Results that may wait for one that is slow, in windows: a dialogue with all its attempts takes a few times as long as the others.
    private const long WaitingLimit = 8;

    /// <summary>How often a dialogue may be begun and vanish without a word before its index ends as failed.</summary>
    public const int BeginningLimit = 8;

    private readonly Dictionary<long, Flight> _inFlight = [];

    // Domain → the first index that stopped it, as far as is known: no dialogue behind it is worth playing. What its row says is the sink's.
    private readonly Dictionary<string, long> _stopped = new(StringComparer.Ordinal);
    private PartitionWork? _work;
    private SinkReceipt? _counted;

    // Null while the sink is not open: then nothing is admitted, and no result is taken.
    private SinkOpening? _sink;
    private Spending _spent;
    private long _term;
    private PartitionGrant _grant;
    private long _nextToStart;
    private long _written;
    private long _words;
    private bool _telling;
    private bool _moreToTell;
    private bool _opening;
    private bool _stopping;
    private bool _closing;
    private bool _finished;
    private bool _overtaken;
    private string? _error;

    /// <param name="Heard">When it was started or last found to be running.</param>
    /// <param name="Beginnings">How often this attempt was begun and not found to be running.</param>
    private readonly record struct Flight(int Attempt, DateTimeOffset Heard, int Beginnings);

    public async Task Start(PartitionWork work)
    {
        if (_work is null)
        {
            (_work, _term) = (work with { Owner = time.GetUtcNow().Ticks }, work.Term);
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            // The first beat opens and admits, so that nobody waits for storage.
            this.RegisterGrainTimer(
                Beat,
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
            // Whoever says it again has not heard of the end.
            await Finish();
        }
        else if (work.Term > _term)
        {
            // Whoever says it knows nothing of what its predecessor granted, and grants nothing to anyone before it has heard what is in flight here.
            _term = work.Term;
            Tell();
        }
    }

    public async Task Completed(DialogueResult result)
    {
        if (!await Take(result))
            return;
        await Admit();
        // Those that wait for a slot or watch a budget want to know now, not at the next beat.
        if (_work!.TellsAll || _nextToStart >= _work.Spec.Range(_work.Partition).End)
            Tell();
    }

    public Task Grant(PartitionGrant grant)
    {
        if (!IsOpen || (grant.Term, grant.Epoch) != (_term, _sink!.Epoch))
            return Task.CompletedTask;
        var held = Held;
        _grant = grant with { Window = Math.Max(grant.Window, held.Window), Begun = Math.Max(grant.Begun, held.Begun) };
        return Admit();
    }

    public Task Stop()
    {
        _stopping = true; // The next result or beat acts on it.
        return Task.CompletedTask;
    }

    private ISinkGrain Sink => GrainFactory.GetGrain<ISinkGrain>(this.GetPrimaryKeyString());

    // What the campaign allowed before it began anew, or to this partition before its sink was opened again, is allowed no more: a slot would be had twice.
    private PartitionGrant Held => (_grant.Term, _grant.Epoch) == (_term, _sink!.Epoch) ? _grant : default;

    private bool MayBegin =>
        Held is var held
        && _inFlight.Count < held.Window
        && _nextToStart < _written + (WaitingLimit * held.Window)
        && _nextToStart - _work!.Spec.Range(_work.Partition).First < held.Begun;

    private bool IsOpen => _sink is not null && !_finished;

    private bool IsAwaited(DialogueResult result) =>
        IsOpen && _sink!.Epoch == result.Epoch && _inFlight.TryGetValue(result.Index, out var flight) && flight.Attempt == result.Attempt;

    /// <returns>Whether it was taken, now and here.</returns>
    private async Task<bool> Take(DialogueResult result)
    {
        if (!IsAwaited(result))
            return false;
        if (result.RunError is { } error)
        {
            // There is no row of what is in flight. What is written is committed, and a resume goes on behind it with the answers that are durable.
            _error ??= error;
            _stopping = true;
            _inFlight.Clear();
            await Close();
            return false;
        }

        var receipt = await Sink.Append(result);
        // While the sink wrote, it may have been lost and opened again, or a doubled report may have come.
        if (!IsAwaited(result) || !await Holds(receipt))
            return false;
        (_written, _spent) = (Math.Max(_written, receipt.Next), receipt.Spent);
        var consequence = result.ConsequenceIn(_work!.Spec);
        if (consequence == Consequence.StopDomain)
            Stop(_work.Spec.DomainOf(result.Index), result.Index);
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
        _stopped.Clear();
        _counted = null;
        foreach (var stop in opening.Stopped)
            Stop(stop.Domain, stop.Index);
        _nextToStart = _written = opening.Next;
        _spent = opening.Spent;
        _sink = opening;
        Tell(); // Slots are given to those who are heard.
    }

    private async Task Admit()
    {
        if (_work is null)
            return;
        var end = _work.Spec.Range(_work.Partition).End;
        while (IsOpen && !_stopping && _nextToStart < end && MayBegin)
        {
            var index = _nextToStart++;
            _inFlight[index] = new(0, time.GetUtcNow(), 1);
            await Begin(index);
        }

        if (IsOpen && _inFlight.Count == 0 && !_closing && (_stopping || _nextToStart >= end))
            await Close();
    }

    /// <returns>Whether the dialogue began now, for all that is known; false where it was running.</returns>
    private async Task<bool> Begin(long index)
    {
        var (spec, epoch, attempt) = (_work!.Spec, _sink!.Epoch, _inFlight[index].Attempt);
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
                .Start(new(spec, _work.Partition, index, attempt, epoch));
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

        if (!IsOpen || !await Holds(receipt))
            return;
        _counted = receipt;
        await Finish();
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

    private async Task Beat(CancellationToken cancellationToken)
    {
        if (_finished)
        {
            // The campaign did not answer when it was told; it may have heard, and then asks no more.
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
            // An activation that is fenced gives up its place here: grants go to it and not to the owner, which the directory may have forgotten, so neither would work on.
            // The next result, or the close, acts on every other answer.
            else if (receipt.Answer == SinkAnswer.OtherOwner)
                await Holds(receipt);
        }
        catch (Exception e) when (UnknownOutcome.Is(e))
        {
            return; // The next beat asks again.
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

        _inFlight[index] = flight with { Heard = time.GetUtcNow() };
        var attempt = flight.Attempt;
        if (await Begin(index) && _inFlight.TryGetValue(index, out flight) && flight.Attempt == attempt)
            _inFlight[index] = flight with { Beginnings = flight.Beginnings + 1 };
    }

    // One word at a time; what happens meanwhile is in the next.
    private void Tell()
    {
        _moreToTell = true;
        if (!_telling && !_finished)
            _ = TellAll();
    }

    private async Task TellAll()
    {
        _telling = true;
        while (_moreToTell && !_finished)
        {
            _moreToTell = false;
            await Report();
        }

        _telling = false;
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
            Said = time.GetUtcNow(),
            Number = ++_words,
            Begun = IsOpen || _finished ? Math.Max(0, _nextToStart - _work.Spec.Range(_work.Partition).First) : 0,
            Spent = _spent,
            Stopped = _counted?.Stopped ?? [],
            CutShort = _finished && _error is null && _counted?.Next < _work.Spec.Range(_work.Partition).End,
        };
        try
        {
            await GrainFactory.GetGrain<ICampaignGrain>(_work.Spec.RunId).Report(status);
            return true;
        }
        catch (Exception e) when (UnknownOutcome.Is(e))
        {
            return false; // The next beat says it again.
        }
    }
}
