using ConvoSynth.Domains.Sampling;
using ConvoSynth.Grains.Journals;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs.Setups;
using Orleans;
using Orleans.Concurrency;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// Makes blueprints. This is computation, so Orleans may run one activation per processor; waiting for a writer's answer blocks none.
/// </summary>
[StatelessWorker]
public sealed class BlueprintGeneratorGrain(IRunCatalog runs, TimeProvider time) : Grain, IBlueprintGeneratorGrain
{
    // A retry may reach another activation: single-flight holds per activation only.
    private readonly SingleFlight<(long Index, long Epoch), BlueprintReply> _making = new();

    public Task<BlueprintReply> Make(BlueprintWork work, CancellationToken cancellationToken = default) =>
        _making.Do((work.Index, work.Epoch), () => Make(work));

    private async Task<BlueprintReply> Make(BlueprintWork work)
    {
        try
        {
            var setup = runs.SetupOf(work.RunId);
            var journal = setup.Record ?? new GrainJournal(GrainFactory, work.RunId, work.Partition, work.Epoch, time);
            var made = await setup.Blueprints.Make(work.Index, journal, CancellationToken.None);
            return new(made.Blueprint, null) { Calls = made.Calls };
        }
        catch (BlueprintException e)
        {
            return new(null, e.Message) { Calls = e.Calls, Reasons = e.Reasons };
        }
        catch (Exception e) when (DialogueHalt.Of(e) is { } halt)
        {
            return new(null, e.Message) { DialogueHalt = halt };
        }
        catch (JournalException e)
        {
            return new(null, e.Message);
        }
        catch (TransientModelException e)
        {
            return new(null, ErrorText.Of(e)) { Again = true };
        }
        catch (Exception e)
        {
            return new(null, ErrorText.Of(e));
        }
    }
}

/// <summary>Verifies: pure computation, so Orleans may run one activation per processor.</summary>
[StatelessWorker]
public sealed class VerifierGrain(IRunCatalog runs) : Grain, IVerifierGrain
{
    public Task<VerificationReply> Verify(VerificationWork work, CancellationToken cancellationToken = default)
    {
        VerificationReply reply;
        try
        {
            reply = new(
                DialogueRunner.TrajectoryOf(runs.SetupOf(work.RunId), work.Index, work.Attempt, work.Blueprint, work.Conversation),
                null
            );
        }
        catch (Exception e)
        {
            reply = new(null, ErrorText.Of(e));
        }

        return Task.FromResult(reply);
    }
}
