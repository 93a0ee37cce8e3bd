using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Models;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Setups;

/// <summary>The setup of a run whose roles use model endpoints.</summary>
public static class EndpointSetup
{
    public const string ModelName = RunSpec.OnEndpoints;

    /// <summary>The roles' endpoints and their fallbacks, in order of name. The run's own win over the shared ones.</summary>
    /// <exception cref="RunException">No roles are given, or one names an unknown endpoint.</exception>
    public static ImmutableArray<EndpointSpec> Named(
        RoleEndpoints? roles,
        ImmutableArray<EndpointSpec> own,
        ImmutableArray<EndpointSpec> shared
    )
    {
        if (roles is null)
            throw new RunException(
                $"the model {ModelName} needs a run spec that says which endpoint plays the human and which the agent: "
                    + "generate --spec FILE with \"roles: {human: NAME, agent: NAME}\""
            );
        if (own.GroupBy(e => e.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new RunException($"the spec has the endpoint \"{twice.Key}\" {twice.Count()} times; give each a name of its own");
        var known = own.Concat(shared.DistinctBy(s => s.Name, StringComparer.Ordinal).Where(s => own.All(o => o.Name != s.Name)))
            .ToDictionary(e => e.Name, StringComparer.Ordinal);
        var named = new SortedDictionary<string, EndpointSpec>(StringComparer.Ordinal);
        void Add(string role, string name)
        {
            if (named.ContainsKey(name))
                return;
            if (!known.TryGetValue(name, out var spec))
                throw new RunException(
                    $"the role {role} names the endpoint \"{name}\", which neither the spec nor orleans.config.json has; "
                        + $"there is {(known.Count == 0 ? "none" : string.Join(", ", known.Keys.Order(StringComparer.Ordinal)))}"
                );
            named[name] = spec;
            if (spec.Fallback is { } fallback)
                Add($"of {name}'s fallback", fallback);
        }

        foreach (var (role, name) in roles.All())
            Add(role == "judges" ? "judge" : role, name);
        return [.. named.Values];
    }

    public static RunSetup Make(RunSpec spec, Dictionary<string, Pack> packs, RunTasks tasks, PromptSet prompts, EndpointModels models)
    {
        var (roles, human) = (spec.Roles!, models.Human);
        var unwritten = tasks.Blueprints;
        var blueprints = unwritten;
        // Tasks by hand keep their author's words.
        if (models.Writer is { } writer && spec.Blueprints is null)
            blueprints = new WrittenBlueprints(blueprints, writer, prompts, PackOf, spec.RunId, roles.KeepSampledWords);
        RunSetup? made = null;
        if (spec.Proposals is not null)
            blueprints = ProposalSetup.Source(spec, tasks, prompts, models, () => made!);
        Pack PackOf(Blueprint b) => b.World is { } world ? tasks.Worlds[b.Domain].Of(world) : packs[b.Domain];
        return made = new()
        {
            Spec = spec,
            Packs = packs,
            Worlds = tasks.Worlds,
            Blueprints = blueprints,
            Unwritten = unwritten,
            WriterName = models.Writer?.Name,
            Agent = models.Agent,
            Human =
                roles.HumanCandidates > 1
                    ? new BestOfHuman(human, human.Respond, models.Structured(roles.Human), prompts, PackOf, roles.HumanCandidates)
                    : human,
            Judges = [.. roles.Voting.Zip(models.Judges, (seat, model) => new JudgeSeat(seat.Name, model) { Rubric = seat.Rubric })],
            Prompts = prompts,
            EarlyStop = spec.StopsEarly,
            Verifiers = packs.ToDictionary(p => p.Key, p => Verifier.Of(p.Value, spec), StringComparer.Ordinal),
        };
    }
}
