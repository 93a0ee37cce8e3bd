using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Models.Batches;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using ConvoSynth.Rehearsal;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Setups;

/// <summary>Makes the setup of a run from its spec: packs, blueprint source, models, checks.</summary>
public sealed class RunSetups(IRunInputs inputs, TimeProvider time, TimeSpan latency = default) : IRunSetups
{
    private readonly ConcurrentDictionary<string, Lazy<RunSetup>> _setups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<EndpointModels>> _endpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Dictionary<string, Pack>>> _packs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<PromptSet>> _prompts = new(StringComparer.Ordinal);

    /// <summary>Whether every answer is in a journal: then no endpoint is called and no key is needed.</summary>
    public bool JournalOnly { get; init; }

    /// <summary>Reads domain → seed → data hash of the worlds that rows of the run have already.</summary>
    /// <value>Null by default: the run has no rows yet.</value>
    public Func<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>? KnownWorlds { get; init; }

    /// <summary>The owners of accounts.</summary>
    /// <value>Null by default: this process has the whole quota.</value>
    public IAccountLeases? Leases { get; init; }

    /// <inheritdoc cref="EndpointModelsOptions.Batches"/>
    public Func<string, IBatchLog>? Batches { get; init; }

    public RunSetup For(RunSpec spec) => _setups.GetOrAdd(spec.RunId, _ => new(() => Make(spec))).Value;

    /// <summary>The packs alone, which take a fraction of the time of the whole setup.</summary>
    public IReadOnlyDictionary<string, Pack> PacksFor(RunSpec spec) => LoadedFor(spec);

    /// <summary>The prompts of a run on endpoints; null for models that play a script.</summary>
    public PromptSet? PromptsFor(RunSpec spec) =>
        spec.Model == EndpointSetup.ModelName ? _prompts.GetOrAdd(spec.RunId, _ => new(() => Prompts(spec))).Value : null;

    private PromptSet Prompts(RunSpec spec)
    {
        var prompts = inputs.PromptsOf(spec);
        return prompts.Problem(spec.Roles) is { } problem ? throw new RunException(problem) : prompts;
    }

    private Dictionary<string, Pack> LoadedFor(RunSpec spec) => _packs.GetOrAdd(spec.RunId, _ => new(() => Load(spec))).Value;

    // In parallel: loading packs is most of the work before the first dialogue.
    private Dictionary<string, Pack> Load(RunSpec spec)
    {
        if (spec.Domains.Length == 1)
            return new(StringComparer.Ordinal) { [spec.Domains[0]] = PackOf(spec, spec.Domains[0]) };
        try
        {
            return spec
                .Domains.AsParallel()
                .AsOrdered()
                .Select(d => (Domain: d, Pack: PackOf(spec, d)))
                .ToDictionary(p => p.Domain, p => p.Pack, StringComparer.Ordinal);
        }
        catch (AggregateException e)
        {
            // A person can act on a single domain's sentence.
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            throw;
        }
    }

    // A record comes from the benchmark, whose observations must be reproduced.
    private Pack PackOf(RunSpec spec, string domain) =>
        spec.Model == RecordedSetup.ModelName ? inputs.PackOf(spec, domain).AsBenchmark() : inputs.PackOf(spec, domain);

    /// <summary>The endpoints of a run on language models, with their shared quota.</summary>
    public EndpointModels EndpointsFor(RunSpec spec) =>
        _endpoints
            .GetOrAdd(
                spec.RunId,
                _ =>
                    new(() =>
                        new(
                            spec,
                            new()
                            {
                                Time = time,
                                Leases = Leases,
                                JournalOnly = JournalOnly,
                                Batches = Batches,
                            }
                        )
                    )
            )
            .Value;

    /// <summary>A run's tasks: sampled, or from its file.</summary>
    private RunTasks Tasks(RunSpec spec, Dictionary<string, Pack> packs)
    {
        if (spec.HasWorlds)
        {
            var worlds = WorldBlueprints.Of(spec, packs, KnownWorlds?.Invoke());
            return new(new WorldBlueprints(spec, worlds, Excluded(spec))) { Worlds = worlds };
        }

        if (spec.Proposals is not null)
        {
            var (samplers, excluded) = (SampledBlueprints.SamplersOf(packs), Excluded(spec));
            return new(SampledBlueprints.Of(spec, samplers, excluded))
            {
                Desks = ProposalSetup.DesksOf(spec, packs, samplers, ProposalExamples.Of(spec, inputs), excluded),
            };
        }

        return new(
            spec.Blueprints is { } named
                ? ByHandBlueprints.Read(spec, packs[spec.Domains[0]], File.ReadAllBytes(inputs.PathOf(spec, InputKind.Blueprints, named)))
                : SampledBlueprints.Of(spec, packs, Excluded(spec))
        );
    }

    private KnownTasks? Excluded(RunSpec spec) =>
        spec.ExcludeTasks is { } files
            ? new(KnownTaskFile.Read([.. files.Select((f, i) => inputs.PathOf(spec, InputKind.Excluded(i), f))]))
            : null;

    private RunSetup Make(RunSpec spec)
    {
        var packs = LoadedFor(spec);
        return spec.Model switch
        {
            EndpointSetup.ModelName => EndpointSetup.Make(spec, packs, Tasks(spec, packs), PromptsFor(spec)!, EndpointsFor(spec)),
            RehearsalModel.ModelName => Rehearsed(spec, packs),
            RecordedSetup.ModelName => RecordedSetup.Make(spec, packs, inputs),
            _ => throw Unknown(spec.Model),
        };
    }

    /// <summary>Checks, before anything is sent, that the models of a valid spec are available.</summary>
    /// <exception cref="RunException">The model is unknown, or it needs a key, a prompt or a record that is missing.</exception>
    public void RequireModel(RunSpec spec)
    {
        if (spec.Model == EndpointSetup.ModelName)
        {
            if (!JournalOnly && new EndpointKeys().Problem(spec.Endpoints) is { } problem)
                throw new RunException(problem);
            _ = PromptsFor(spec);
            return;
        }

        if (spec.Model == RecordedSetup.ModelName && spec.Recorded is null)
            throw new RunException($"the model {RecordedSetup.ModelName} plays a record: use the command replay");
        if (spec.Model is not (RehearsalModel.ModelName or RecordedSetup.ModelName))
            throw Unknown(spec.Model);
    }

    private static RunException Unknown(string model) =>
        new($"there is no model \"{model}\"; there is {RehearsalModel.ModelName}, and {EndpointSetup.ModelName} with --spec");

    private RunSetup Rehearsed(RunSpec spec, Dictionary<string, Pack> packs)
    {
        var tasks = Tasks(spec, packs);
        var model = new RehearsalModel(
            b => b.World is { } world ? tasks.Worlds[b.Domain].Of(world) : packs[b.Domain],
            new()
            {
                FaultRate = spec.FaultRate,
                ErrorRate = spec.ErrorRate,
                Thoughts = spec.Thoughts,
                Latency = latency,
            },
            time
        );
        return new()
        {
            Spec = spec,
            Packs = packs,
            Human = model,
            Agent = model,
            Worlds = tasks.Worlds,
            Blueprints = tasks.Blueprints,
            EarlyStop = spec.StopsEarly,
            Verifiers = packs.ToDictionary(p => p.Key, p => Verifier.Of(p.Value, spec), StringComparer.Ordinal),
        };
    }
}
