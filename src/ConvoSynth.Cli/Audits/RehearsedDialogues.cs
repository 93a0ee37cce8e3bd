using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
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
    private readonly BlueprintSampler _sampler;
    private readonly ConcurrentDictionary<long, Lazy<Blueprint?>> _blueprints = [];
    private readonly ConcurrentDictionary<string, RunSetup> _setups = new(StringComparer.Ordinal);

    /// <param name="combined">The share of tasks that join several intents, 0 to 1.</param>
    public RehearsedDialogues(Pack pack, long seed, double combined)
    {
        _combined = combined;
        _pack = pack;
        _seed = new((ulong)seed);
        _sampler = new(pack);
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
            return _sampler.Sample(_seed, index, _combined);
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
                var model = new RehearsalModel(_ => _pack, kind is null ? new() : new() { FaultRate = 1, FaultKinds = [kind] });
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
