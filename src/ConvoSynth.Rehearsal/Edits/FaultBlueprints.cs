using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>
/// Gives a blueprint what a kind of fault needs and the sampler does not draw: a withheld tool, or a fact that must never be said. The
/// task stays the same, and its clean dialogue must still pass.
/// </summary>
public static class FaultBlueprints
{
    private const int ShortestSecret = 5;

    /// <summary>Whether the kind needs a modified blueprint.</summary>
    public static bool Prepares(string kind) => kind is FaultKinds.ToolNotOffered or FaultKinds.HumanLeak;

    /// <summary>The blueprint that the kind needs, null if it cannot be made. All other kinds get the blueprint itself.</summary>
    public static Blueprint? For(string kind, Pack pack, Blueprint blueprint, Seed seed) =>
        kind switch
        {
            FaultKinds.ToolNotOffered => WithoutATool(pack, blueprint, seed.For("withheld").Random()),
            FaultKinds.HumanLeak => WithASecret(pack, blueprint, seed.For("secret").Random()),
            _ => blueprint,
        };

    private static Blueprint? WithoutATool(Pack pack, Blueprint blueprint, SeededRandom random)
    {
        var needed = blueprint
            .Actions.Select(a => a.Tool)
            .Concat(blueprint.Refusals.Select(r => r.Tool))
            .Concat(blueprint.Twist?.Failures.Select(f => f.Tool) ?? [])
            .ToHashSet(StringComparer.Ordinal);
        var spare = blueprint
            .AvailableTools.Where(t => !needed.Contains(t) && pack.Tools.Find(t) is { Kind: not ToolKind.Transfer, Parameters.Count: > 0 })
            .ToArray();
        return spare.Length == 0 ? null : blueprint with { AvailableTools = blueprint.AvailableTools.Remove(random.Pick(spare)) };
    }

    // A value of the human's own row that the task does not use.
    private static Blueprint? WithASecret(Pack pack, Blueprint blueprint, SeededRandom random)
    {
        if (blueprint.Scenario.Facts.Any(f => f.Disclosure == Disclosure.Never))
            return blueprint;
        if (new ArgumentFilling(pack, blueprint, random, new Trial(pack, blueprint).Environment.Db).Owner is not { } owner)
            return null;
        var spoken = string.Join(
            '\n',
            blueprint.Scenario.Requests.SelectMany(r =>
                r.Done.Concat(r.Confirm).Append(r.Words).Append(r.Opening ?? "").Concat(r.Alternatives.Select(a => a.Words))
            )
        );
        foreach (
            var field in random.Shuffled(
                owner
                    .Entity.Fields.Values.Where(f => f.Type is "id" or "text" or "name" or "date" or "money")
                    .OrderBy(f => f.Path, StringComparer.Ordinal)
            )
        )
        {
            if (field.Path.Contains('[', StringComparison.Ordinal))
                continue;
            var value = owner[field.Path];
            if (value is not JsonText { Value.Length: >= ShortestSecret } && value is not JsonNumber { Value: > 20 })
                continue;
            var said = FieldValues.Say(field.Type, value);
            if (
                blueprint.Scenario.Facts.Any(f =>
                    f.Value == value || FieldValues.Says(f.Said, field.Type, value) || f.Slot == $"{owner.Entity.Name}.{field.Path}"
                ) || FieldValues.Says(spoken, field.Type, value)
            )
                continue;
            var secret = new Fact($"{owner.Entity.Name}.{field.Path}", value, field.Type, field.Label, said, Disclosure.Never);
            return blueprint with { Scenario = blueprint.Scenario with { Facts = blueprint.Scenario.Facts.Add(secret) } };
        }

        return null;
    }
}
