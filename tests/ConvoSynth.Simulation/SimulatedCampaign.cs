using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Simulation;

/// <summary>
/// A small campaign: a few dialogues of the loans pack over a few partitions with small shards, so that commits are frequent. There are
/// <see cref="Count"/> campaigns, each made once; a seed uses one.
/// </summary>
internal sealed class SimulatedCampaign
{
    public const int Count = 24;

    private static readonly Lazy<Pack> LoadedPack = new(() => PackLoading.Load(Path.Combine(AppContext.BaseDirectory, "packs", "loans")));
    private static readonly Lazy<BlueprintSampler> Sampler = new(() => new(LoadedPack.Value));
    private static readonly ConcurrentDictionary<int, Lazy<SimulatedCampaign>> Made = new();

    private readonly Blueprint[] _blueprints;
    private readonly Verifier _verifier;
    private readonly KeptScripts _scripts;
    private readonly Lazy<Expected> _expected;
    private readonly ConcurrentDictionary<long, bool> _silenceFails = new();

    private SimulatedCampaign(int number)
    {
        var random = new Seed((ulong)number).For("campaign").Random();
        var isStopping = number % 4 == 3;
        Spec = new()
        {
            // A campaign that stops a domain needs enough partitions for the stop to reach some before they begin.
            RunId = "run",
            Domains = ["loans"],
            Count = isStopping ? 12 : random.Between(6, 12),
            Seed = number,
            FaultRate = 0.33,
            PartitionSize = isStopping ? random.Between(1, 2) : random.Between(3, 6),
        };
        Limits = new() { Indexes = random.Between(1, 3) };
        _blueprints = [.. Enumerable.Range(0, (int)Spec.Count).Select(i => Sampler.Value.Sample(new Seed((ulong)Spec.Seed), i))];
        var faulty = random.Next(_blueprints.Length / 2);
        if (number % 4 == 2)
        {
            for (var i = 0; i < _blueprints.Length; i++)
                _blueprints[i] = _blueprints[i] with { FamilyId = $"family-{i % 3}" };
        }

        var spoiled = new Dictionary<long, int>();
        for (var i = 0; number % 4 == 1 && i < _blueprints.Length; i++)
        {
            if (random.Chance(0.4))
                spoiled[i] = random.Between(1, 3);
        }

        Plan = new(
            number % 6 == 0 ? new HashSet<(long, ModelRole)> { (random.Next(_blueprints.Length), ModelRole.Agent) } : [],
            number % 24 == 4 ? new HashSet<(long, ModelRole)> { (random.Next(_blueprints.Length), ModelRole.Human) } : [],
            spoiled
        );
        string[] wrong = [_blueprints[faulty].Id];
        _verifier = Verifier
            .Default(LoadedPack.Value)
            .With(
                new PlannedFaults(
                    (number % 4 == 2 ? wrong : []).ToHashSet(StringComparer.Ordinal),
                    (isStopping ? wrong : []).ToHashSet(StringComparer.Ordinal),
                    _blueprints.Where((_, i) => number % 4 == 0 && i % 3 == 1).Select(b => b.Id).ToHashSet(StringComparer.Ordinal)
                )
            );
        _scripts = new(new RehearsalModel(_ => LoadedPack.Value, new() { FaultRate = Spec.FaultRate }));
        _expected = new(() => Expected.Of(this));
    }

    public RunSpec Spec { get; }

    public ShardLimits Limits { get; }

    public ModelPlan Plan { get; }

    /// <summary>The result without mishaps.</summary>
    public Expected Expected => _expected.Value;

    public static SimulatedCampaign Of(int number) => Made.GetOrAdd(number, n => new(() => new(n))).Value;

    /// <param name="models">Wraps the campaign's models for one process.</param>
    public RunSetup Setup(Func<IChatModel, IChatModel> models)
    {
        var model = models(_scripts);
        return new()
        {
            Spec = Spec,
            Human = model,
            Agent = model,
            Blueprints = new Blueprints(_blueprints),
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { ["loans"] = LoadedPack.Value },
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal) { ["loans"] = _verifier },
        };
    }

    /// <summary>Whether a silent agent fails the blueprint of an index.</summary>
    public bool SilenceFailsAt(long index) => _silenceFails.GetOrAdd(index, SilenceFails);

    private bool SilenceFails(long index)
    {
        var blueprint = _blueprints[index];
        Message[] messages = [Message.User(blueprint.Instruction), Message.Assistant(""), Message.User(StopMarks.Stop)];
        var conversation = new Conversation
        {
            System = LoadedPack.Value.SystemPrompt,
            Tools = LoadedPack.Value.ToolsFor(blueprint),
            Messages = [.. messages],
            Meta = [.. messages.Select(_ => new MessageMeta())],
            End = DialogueEnd.HumanStop,
        };
        return _verifier.Verify(LoadedPack.Value, blueprint, conversation).Verdicts.Any(v => v.Stage == "outcome" && v.Rejects);
    }

    private sealed class Blueprints(Blueprint[] blueprints) : IBlueprintSource
    {
        public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) => new(blueprints[index]);
    }

    /// <summary>A script is a function of the opening: each is composed once for all seeds.</summary>
    private sealed class KeptScripts(IChatModel inner) : IChatModel
    {
        private readonly ConcurrentDictionary<(Seed, ModelRole), object?> _opened = new();

        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) =>
            _opened.GetOrAdd((opening.Seed, opening.Role), static (_, o) => o.inner.Open(o.opening), (inner, opening));

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken) =>
            inner.Respond(request, cancellationToken);
    }
}
