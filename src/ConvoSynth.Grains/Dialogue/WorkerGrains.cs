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
    }
}

/// <summary>Verifies: pure computation, so as many activations as processors.</summary>
[StatelessWorker]
public sealed class VerifierGrain(IRunSetups setups) : Grain, IVerifierGrain
{
    public Task<Trajectory> Verify(VerificationWork work, CancellationToken cancellationToken = default)
    {
        var setup = setups.For(work.Spec);
        return Task.FromResult(DialogueRunner.TrajectoryOf(setup, work.Index, work.Attempt, work.Blueprint, work.Conversation));
    }
}
