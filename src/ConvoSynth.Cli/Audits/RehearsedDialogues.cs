using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Domains.Slicing;
using ConvoSynth.Rehearsal;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Audits;

/// <summary>Dialogues that the rehearsal model plays on sampled blueprints. This class does not use the checks' results.</summary>
internal sealed class RehearsedDialogues : IAuditSource
{
    private readonly Pack _pack;
    private readonly Seed _seed;
    private readonly double _combined;
    private readonly string? _slice;
    private readonly bool _thoughts;
    private readonly BlueprintSampler _own;
    private readonly SlicedSampler _sampler;
    private readonly ConcurrentDictionary<long, Lazy<Blueprint?>> _blueprints = [];
    private readonly ConcurrentDictionary<string, RunSetup> _setups = new(StringComparer.Ordinal);

    /// <param name="combined">The share of tasks that join several intents, 0 to 1.</param>
    /// <param name="slice">The only slice of which there are tasks; null: the sampler's own tasks.</param>
    /// <param name="thoughts">Whether the agent writes thoughts.</param>
    public RehearsedDialogues(Pack pack, long seed, double combined, string? slice = null, bool thoughts = false)
    {
        _thoughts = thoughts;
        _combined = combined;
        _slice = slice;
        _pack = pack;
        _seed = new((ulong)seed);
        _own = new(pack);
        _sampler = new(_own, shares: null);
    }

    public string Text => RehearsalModel.ModelName;

    public string? WhyNot(string kind) => null;

    public async ValueTask<AuditedDialogue?> Plant(string kind, long index, CancellationToken cancellationToken)
    {
        if (Blueprint(kind, index) is not { } blueprint)
            return null;
        if (!FaultKinds.OfRoles.Contains(kind, StringComparer.Ordinal))
        {
            var clean = await DialogueRunner.Play(Setup(null), index, 0, blueprint, cancellationToken);
            return ConversationFaults.Plant(kind, _pack, blueprint, clean.Finish(), _seed.For(kind).For(index)) is { } planted
                ? Audited(index, planted.Blueprint, planted.Conversation)
                : null;
        }

        var session = await DialogueRunner.Play(Setup(kind), index, 0, blueprint, cancellationToken);
        if (session.PlantedFault is null)
            return null;
        return Audited(index, blueprint, session.Finish()) with
        {
            Needless = kind == FaultKinds.NeedlessRead ? session.FaultMessage : null,
        };
    }

    public async ValueTask<AuditedDialogue?> Clean(string? kind, long index, CancellationToken cancellationToken)
    {
        if (Blueprint(kind, index) is not { } blueprint)
            return null;
        return Audited(index, blueprint, (await DialogueRunner.Play(Setup(null), index, 0, blueprint, cancellationToken)).Finish());
    }

    /// <summary>The sampler of the pack, for tasks of given shares.</summary>
    public SlicedSampler SamplerOf(SliceShares shares) => new(_own, shares);

    /// <summary>The task of an index; null if there is none.</summary>
    public Blueprint? TaskOf(SlicedSampler sampler, long index)
    {
        try
        {
            return sampler.Sample(_seed, index, _combined);
        }
        catch (BlueprintException)
        {
            return null;
        }
    }

    /// <summary>The slice that an index draws.</summary>
    public string DrawnBy(SlicedSampler sampler, long index) => sampler.Drawn(_seed, index);

    /// <summary>The dialogue of a task with a fault of this kind; null if the task does not allow it.</summary>
    /// <param name="kind">Null for no fault.</param>
    public async ValueTask<AuditedDialogue?> Played(string? kind, long index, Blueprint task, CancellationToken cancellationToken)
    {
        var session = await DialogueRunner.Play(Setup(kind), index, 0, task, cancellationToken);
        return kind is not null && session.PlantedFault is null ? null : Audited(index, task, session.Finish());
    }

    public ValueTask<AuditedDialogue?> Right(long index, CancellationToken cancellationToken) => Clean(null, index, cancellationToken);

    private AuditedDialogue Audited(long index, Blueprint blueprint, Conversation conversation) =>
        new($"{_pack.Name}/{_seed.Value}/{index}", _pack, blueprint, conversation);

    private Blueprint? Blueprint(string? kind, long index)
    {
        var sampled = _blueprints.GetOrAdd(index, i => new(() => Sample(i))).Value;
        return sampled is null || kind is null ? sampled : FaultBlueprints.For(kind, _pack, sampled, _seed.For(index));
    }

    // As in a run, an index without a blueprint has no dialogue.
    private Blueprint? Sample(long index)
    {
        try
        {
            return _slice is null or Slices.Base
                ? _sampler.Sample(_seed, index, _combined)
                : _sampler.Sliced(_slice, _seed, index, _combined);
        }
        catch (BlueprintException)
        {
            return null;
        }
    }

    private RunSetup Setup(string? kind) =>
        _setups.GetOrAdd(
            kind ?? "",
            _ =>
            {
                var packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { [_pack.Name] = _pack };
                var model = new RehearsalModel(
                    _ => _pack,
                    kind is null
                        ? new() { Thoughts = _thoughts }
                        : new()
                        {
                            FaultRate = 1,
                            FaultKinds = [kind],
                            Thoughts = _thoughts,
                        }
                );
                var spec = new RunSpec
                {
                    RunId = "audit",
                    Domains = [_pack.Name],
                    Count = 1,
                    Seed = (long)_seed.Value,
                    Model = RehearsalModel.ModelName,
                };
                return new()
                {
                    Spec = spec,
                    Packs = packs,
                    Human = model,
                    Agent = model,
                    Blueprints = new Unused(),
                    Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal),
                };
            }
        );

    // The audit samples its own blueprints.
    private sealed class Unused : IBlueprintSource
    {
        public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("an audit samples its blueprints itself");
    }
}
