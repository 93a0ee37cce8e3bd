using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>
/// Composes the scripts of one kind of run. Blueprints and seeds come from the same setup as a run with the rehearsal model in its own
/// process, so the dialogues are the same.
/// </summary>
internal sealed class ScriptSource
{
    private const string Scripted = "scripted";

    private readonly RunSpec _spec;
    private readonly IBlueprintSource _blueprints;
    private readonly RehearsalModel _model;
    private readonly Seed _seed;

    private ScriptSource(RunSpec spec, IBlueprintSource blueprints, RehearsalModel model, Seed seed)
    {
        _spec = spec;
        _blueprints = blueprints;
        _model = model;
        _seed = seed;
    }

    /// <exception cref="RefusedException">The settings describe no valid run.</exception>
    public static async Task<ScriptSource> Make(
        ScriptSettings settings,
        ImmutableArray<(string Slice, double Rate)> failSlices,
        Func<string, string?, Task<LoadedPack>> packOf
    )
    {
        var spec = new RunSpec
        {
            RunId = "rehearsal",
            Domains = [.. settings.Domains.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Seed = settings.Seed,
            Count = settings.Count ?? 1,
            PartitionSize = settings.PartitionSize ?? 1_000_000,
            FaultRate = settings.FaultRate,
            Combined = settings.Combined,
            Recombine = settings.Recombine,
            Slices = settings.Slices,
            Rounds = settings.Rounds,
            Thoughts = settings.Thoughts,
            Worlds = settings.Worlds,
            Data = settings.Data,
            Blueprints = settings.Blueprints,
            Roles = settings.Proposals is { } share
                ? new()
                {
                    Human = Scripted,
                    Agent = Scripted,
                    Proposals = new() { Endpoint = Scripted, Share = share },
                }
                : null,
        };
        if (spec.Problem() is { } problem)
            throw RefusedException.Invalid($"the metadata names no run that can be: {problem}", "metadata");
        var packs = new Dictionary<string, Pack>(StringComparer.Ordinal);
        var samplers = new Dictionary<string, BlueprintSampler>(StringComparer.Ordinal);
        foreach (var domain in spec.Domains)
            (packs[domain], samplers[domain]) = await packOf(domain, spec.Data);
        var worlds = spec.HasWorlds ? WorldBlueprints.Of(spec, packs) : null;
        IBlueprintSource blueprints =
            worlds is not null ? new WorldBlueprints(spec, worlds)
            : spec.Blueprints is { } file ? ByHandBlueprints.Read(spec, packs[spec.Domains[0]], await File.ReadAllBytesAsync(file))
            : SampledBlueprints.Of(spec, samplers);
        if (spec.Proposals is not null)
            blueprints = new ScriptedProposals(spec, samplers, blueprints);
        var model = new RehearsalModel(
            b => b.World is { } world ? worlds![b.Domain].Of(world) : packs[b.Domain],
            new()
            {
                FaultRate = spec.FaultRate,
                FailSlices = failSlices,
                Thoughts = spec.Thoughts,
            }
        );
        return new(spec, blueprints, model, SeedOf(settings));
    }

    /// <exception cref="BlueprintException">There is no blueprint for the index.</exception>
    public async Task<KeptScript> Compose(long index, int attempt, CancellationToken cancellationToken)
    {
        var proposal = (_blueprints as ScriptedProposals)?.Of(index);
        var blueprint = proposal?.Blueprint ?? await _blueprints.Make(index, cancellationToken);
        var human = _model.Open(Openings.Of(_spec, index, attempt, ModelRole.Human, blueprint));
        var agent = _model.Open(Openings.Of(_spec, index, attempt, ModelRole.Agent, blueprint));
        return new(_seed.For(index).For(attempt), blueprint.Instruction, _model, human, agent) { Proposal = proposal };
    }

    private static Seed SeedOf(ScriptSettings settings) =>
        new Seed((ulong)settings.Seed)
            .For("endpoint")
            .For(settings.Domains)
            .For(BitConverter.DoubleToInt64Bits(settings.FaultRate))
            .For(settings.Data ?? "")
            .For(settings.Blueprints ?? "");
}
