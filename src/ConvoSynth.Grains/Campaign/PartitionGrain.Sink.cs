using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Grains.Rows;

namespace ConvoSynth.Grains.Campaign;

/// <content>The partition's sink: opening, counting, closing, and what its answers mean.</content>
public sealed partial class PartitionGrain
{
    // Null while the sink is not open: no dialogue is admitted and no end of one accepted.
    private SinkOpening? _sink;
    private SinkCounts _counted = SinkCounts.Zero;
    private bool _opening;
    private bool _closing;
    private string? _waiting;

    private ISinkGrain Sink => GrainFactory.GetGrain<ISinkGrain>(this.GetPrimaryKeyString());

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

        // The next heartbeat tries again: who holds the files may be stopped for a while, or about to end.
        _waiting = opening.Waiting;
        if (_waiting is not null)
            return;
        _inFlight.Clear();
        _stopped.Clear();
        _counted = opening.Written;
        foreach (var stop in opening.Stopped)
            Stop(stop.Domain, stop.Index);
        _nextToStart = _written = opening.Next;
        _sink = opening;
        // The campaign grants permits only to partitions that have reported.
        QueueReport();
    }

    /// <summary>Ends an attempt that is not played.</summary>
    private async Task<bool> Fail(DialogueWork work, string error)
    {
        var receipt = await Sink.Append(work.Failed(error));
        return await Take(new(work.Index, work.Attempt, work.Epoch) { Receipt = receipt });
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
                _counted = receipt.Written!;
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
        _counted = receipt.Written!;
        _written = receipt.Next;
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
}
