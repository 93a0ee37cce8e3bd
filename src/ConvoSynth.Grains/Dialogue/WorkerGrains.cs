using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Synthesis;
using Orleans;
using Orleans.Concurrency;

namespace ConvoSynth.Grains;

/// <summary>Makes blueprints: pure computation, so as many activations as processors.</summary>
[StatelessWorker]
public sealed class BlueprintGeneratorGrain(IRunSetups setups) : Grain, IBlueprintGeneratorGrain
{
    public async Task<BlueprintReply> Make(RunSpec spec, long index, CancellationToken cancellationToken = default)
    {
        try
        {
            return new(await setups.For(spec).Blueprints.Make(index, cancellationToken), null);
        }
        catch (BlueprintException e)
        {
            return new(null, e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, ErrorText.Of(e));
        }
    }
}

/// <summary>Verifies: pure computation, so as many activations as processors.</summary>
[StatelessWorker]
public sealed class VerifierGrain(IRunSetups setups) : Grain, IVerifierGrain
{
    public Task<VerificationReply> Verify(VerificationWork work, CancellationToken cancellationToken = default)
    {
        VerificationReply reply;
        try
        {
            reply = new(DialogueRunner.TrajectoryOf(setups.For(work.Spec), work.Index, work.Attempt, work.Blueprint, work.Conversation), null);
        }
        catch (Exception e)
        {
            reply = new(null, ErrorText.Of(e));
        }

        return Task.FromResult(reply);
    }
}
