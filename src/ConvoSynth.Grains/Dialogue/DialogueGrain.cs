using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Telemetry;
using ConvoSynth.Runs.Setups;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// Plays one dialogue, hands its result to the sink, and reports the end to the partition. The loop runs outside the grain's requests, so
/// that a caller waits for the start of a dialogue and not for its end.
/// </summary>
public sealed class DialogueGrain(IRunCatalog runs, TimeProvider time) : Grain, IDialogueGrain, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<ModelCall> _calls = [];
    private DialogueWork? _work;

    // Why the run cannot continue: then the result has no row.
    private string? _runError;

    public Task<bool> Start(DialogueWork work)
    {
        var begins = _work is null;
        // A later epoch is a new owner of the partition: it receives the report.
        if (_work is null || work.Epoch > _work.Epoch)
            _work = work;
        if (begins)
        {
            // Orleans may collect a grain that only awaits.
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            _ = Run(_ending.Token);
        }

        return Task.FromResult(begins);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending.Cancel();
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    public void Dispose() => _ending.Dispose();

    private async Task Run(CancellationToken ending)
    {
        // Start must return before the first model call.
        await Task.Yield();
        var (began, activity) = (time.GetTimestamp(), DialogueInstruments.Began(_work!));
        DialogueResult? ended = null;
        try
        {
            ended = await Outcome(ending);
        }
        finally
        {
            DialogueInstruments.Ended(_work!.Domain, ended, activity, time.GetElapsedTime(began));
        }

        try
        {
            // Do not report while deactivating or when fenced: the new owner starts the dialogue again.
            if (ended is not null)
                await Report(ended, ending);
        }
        catch (Exception e) when (!ending.IsCancellationRequested && !GrainCallRetry.Is(e))
        {
            // A result that cannot be reported becomes a failed one, so that the index still ends.
            await Report(_work.Failed($"the result could not be handed on: {ErrorText.Of(e)}") with { Calls = ended!.Calls }, ending);
        }
        finally
        {
            DeactivateOnIdle();
        }
    }

    /// <returns>Null if the activation is deactivating, which makes its calls fail, or was fenced.</returns>
    private async Task<DialogueResult?> Outcome(CancellationToken ending)
    {
        DialogueResult? result;
        try
        {
            long epoch;
            do
            {
                epoch = _work!.Epoch;
                _calls.Clear();
                result = await PlayInPlace(_work, ending);
            } while (result is null && _work.Epoch > epoch);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            // Whatever goes wrong, the index must end: failed, with the error.
            result = _work!.Failed(ErrorText.Of(e));
        }

        // A failed dialogue still has its cost.
        return result is null ? null : result with { Calls = [.. _calls] };
    }

    /// <returns>Null if a later owner has fenced the dialogue.</returns>
    private async Task<DialogueResult?> PlayInPlace(DialogueWork work, CancellationToken ending)
    {
        try
        {
            var play = new DialoguePlay(GrainFactory, work, _calls, time, ending) { Epoch = () => _work!.Epoch };
            return await play.Run(runs, this.GetPrimaryKeyString());
        }
        catch (Exception e) when (DialogueHalt.Of(e) is { } halt)
        {
            _runError = halt.RunError;
            return halt.RunError is { } error ? work.Failed(error) : null;
        }
    }

    // The sink gets the trajectory, and the partition only what follows from it. The sink comes first: it decides what stands, and a
    // dialogue that vanishes between the two calls is started again. An owner that took over meanwhile has received neither: hand both on
    // again. If the owner is unreachable, it starts the dialogue again.
    private async Task Report(DialogueResult result, CancellationToken ending)
    {
        var owner = $"{_work!.RunId}/{_work.Partition}";
        var (sink, partition) = (GrainFactory.GetGrain<ISinkGrain>(owner), GrainFactory.GetGrain<IPartitionGrain>(owner));
        long epoch;
        do
        {
            epoch = _work.Epoch;
            try
            {
                var end = new AttemptEnd(result.Index, result.Attempt, epoch) { RunError = _runError };
                if (_runError is null)
                    end = end with
                    {
                        Receipt = await GrainCallRetry.Repeat(() => sink.Append(result with { Epoch = epoch }), time, ending),
                    };
                await GrainCallRetry.Repeat(() => partition.Completed(end), time, ending);
            }
            catch (Exception e) when (GrainCallRetry.Is(e) || ending.IsCancellationRequested)
            {
                return;
            }
        } while (_work.Epoch != epoch);
    }
}
