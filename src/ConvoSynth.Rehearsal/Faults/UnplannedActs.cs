using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Words for an act outside the blueprint: "cancel the hold on Dune".</summary>
internal sealed class UnplannedActs(Pack pack, Blueprint blueprint, SeededRandom random)
{
    /// <summary>An act by another tool on a row of the human, in the pack's words; null if there is none.</summary>
    public string? Draw()
    {
        // The state before the dialogue: the human could not have another request for a row that the plan creates.
        var db = new Trial(pack, blueprint).Environment.Db;
        if (new ArgumentFilling(pack, blueprint, random, db).Owner is not { } owner)
            return null;
        foreach (var act in random.Shuffled(pack.Domain.Acts.Values.OrderBy(a => a.Tool, StringComparer.Ordinal)))
        {
            if (act.Verbs.Count == 0 || act.Object is null || IsPlanned(act.Tool) || pack.Tools.Find(act.Tool) is not { Writes: true })
                continue;
            if (
                pack.Domain.Find(act.Object) is not { } named
                || named.Entity.Parent is not null
                || named.Entity.Name == pack.Domain.Who
                || !pack.Rows.IsOwned(named.Entity)
            )
                continue;
            foreach (var row in random.Shuffled(pack.Rows.OwnedBy(db, named.Entity, owner)))
            {
                if (row[named.Field.Path] is not { IsNull: false } value || IsTouched(row))
                    continue;
                var said = FieldValues.Say(named.Field.Type, value);
                if (IsSpokenOf(said))
                    continue;
                var way = named.Entity.Say.GetValueOrDefault(named.Field.Path, $"the {named.Entity.Label} of {{}}");
                return $"{random.Pick(act.Verbs)} {way.Replace("{}", said, StringComparison.Ordinal)}";
            }
        }

        return null;
    }

    private bool IsPlanned(string tool) =>
        blueprint.Actions.Any(a => a.Tool == tool)
        || blueprint.Refusals.Any(r => r.Tool == tool)
        || blueprint.Scenario.Requests.Any(r => r.Tool == tool);

    private bool IsSpokenOf(string said) =>
        blueprint.Instruction.Contains(said, StringComparison.OrdinalIgnoreCase)
        || blueprint.Scenario.Requests.Any(r =>
            r.Words.Contains(said, StringComparison.OrdinalIgnoreCase)
            || r.Alternatives.Any(a => a.Words.Contains(said, StringComparison.OrdinalIgnoreCase))
        );

    private bool IsTouched(EntityRow row)
    {
        var key = EntityRows.Text(row.Key);
        return blueprint.Actions.Any(a => a.Writes && ((JsonMap)a.Arguments).Values.Any(v => v.Text == key))
            || blueprint.Refusals.Any(r => ((JsonMap)r.Arguments).Values.Any(v => v.Text == key));
    }
}
