using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Tests;

/// <summary>What crosses a grain call survives serialization.</summary>
public sealed class Wire
{
    [Fact]
    public async Task The_trajectories_of_retail_survive_a_wire_faults_included()
    {
        var pack = PackLoading.Load(RepositoryRoot.At("blueprints", "retail"));
        var spec = new RunSpec
        {
            RunId = "run",
            Domains = ["retail"],
            Count = 100,
            Seed = 5,
            FaultRate = 0.4,
        };
        var model = new RehearsalModel(_ => pack, new() { FaultRate = spec.FaultRate });
        var sampler = new BlueprintSampler(pack);
        var setup = Setups.Of(spec) with
        {
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { ["retail"] = pack },
            Human = model,
            Agent = model,
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal) { ["retail"] = Verifier.Default(pack) },
        };
        for (var index = 0L; index < spec.Count; index++)
        {
            var finished = await DialogueRunner.Run(setup, index, 0, sampler.Sample(new Seed(5), index), CancellationToken.None);
            var written = JsonSerializer.Serialize(finished.Trajectory, Contracts.Json);

            var read = written
                .Invoking(w => JsonSerializer.Deserialize<Trajectory>(w, Contracts.Json)!)
                .Should()
                .NotThrow("of index {0} with {1}", index, finished.PlantedFault)
                .Subject;

            JsonSerializer.Serialize(read, Contracts.Json).Should().Be(written);
        }
    }
}
