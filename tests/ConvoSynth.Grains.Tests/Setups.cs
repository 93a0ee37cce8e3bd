using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Tests;

/// <summary>The small pack of the checks' tests, played by the rehearsal model.</summary>
internal static class Setups
{
    private static readonly Lazy<Pack> LoadedLoans = new(() => PackLoading.Load(Path.Combine(AppContext.BaseDirectory, "packs", "loans")));
    private static readonly Lazy<BlueprintSampler> Sampler = new(() => new(LoadedLoans.Value));

    /// <summary>
    /// Forty dialogues in three partitions, a third of them with a planted fault. No fault is the human's, so each index has one row.
    /// </summary>
    public static RunSpec Spec { get; } =
        new()
        {
            RunId = "run",
            Domains = ["loans"],
            Count = 40,
            Seed = 117,
            FaultRate = 0.33,
            PartitionSize = 15,
        };

    public static RunSetup Of(RunSpec spec)
    {
        var pack = LoadedLoans.Value;
        var model = new RehearsalModel(_ => pack, new() { FaultRate = spec.FaultRate });
        return new()
        {
            Spec = spec,
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { ["loans"] = pack },
            Human = model,
            Agent = model,
            Blueprints = new Source((index, _) => Sampled(spec, index)),
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal) { ["loans"] = Verifier.Default(pack) },
        };
    }

    public static Blueprint Sampled(RunSpec spec, long index) => Sampler.Value.Sample(new Seed((ulong)spec.Seed), index);

    /// <summary>Blueprints from a function.</summary>
    internal sealed class Source(Func<long, CancellationToken, Blueprint> make) : IBlueprintSource
    {
        public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) => new(make(index, cancellationToken));
    }

    /// <summary>A model with an action before each answer.</summary>
    internal sealed class Watched(IChatModel inner, Action<ModelRequest> before) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            before(request);
            return inner.Respond(request, cancellationToken);
        }
    }
}
