using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Checks, before a token is spent on a blueprint, that wrong solutions do not pass: doing nothing, refusing everything, each
/// write left out, each argument changed, each named row swapped, the branch not taken, the forbidden write made.
/// </summary>
public sealed class MustFail(Pack pack)
{
    /// <summary>The first wrong solution that would pass; null if all fail.</summary>
    public string? Survivor(Blueprint blueprint, IEnumerable<PlannedWrite> wrongBranches)
    {
        var writes = blueprint.Actions.Where(a => a.Writes).Select(a => new PlannedWrite(a.Tool, a.Arguments)).ToImmutableArray();
        var handsOver = blueprint.Actions.Any(a => pack.Tools.Find(a.Tool) is { Kind: ToolKind.Transfer });
        var speaks = blueprint.Outputs.Length > 0 || blueprint.Refusals.Length > 0 || handsOver;
        if (!speaks && IsAccepted(blueprint, StateDiff.Empty))
            return "an agent that does nothing";
        if (!speaks && writes.Length == 0)
            return "an agent that refuses everything";
        for (var i = 0; i < writes.Length; i++)
        {
            if (Passes(blueprint, writes.RemoveAt(i)))
                return $"the gold without its write {writes[i].Tool}";
            foreach (var other in Mutants(blueprint, writes[i]))
            {
                if (Passes(blueprint, writes.SetItem(i, other)))
                    return $"{other.Tool} {other.Arguments} instead of {writes[i].Arguments}";
            }
        }

        // A write of what is so already leaves the state as it is; that it is made at all is what fails.
        var refused = blueprint.Refusals.Where(r => !r.IsFulfilled).Select(r => new PlannedWrite(r.Tool, r.Arguments));
        foreach (var wrong in wrongBranches.Concat(refused))
        {
            if (writes.All(w => w != wrong) && IsAllowed(blueprint, wrong) && Passes(blueprint, writes.Add(wrong), lastMustSucceed: true))
                return $"the gold with {wrong.Tool} {wrong.Arguments} besides";
        }

        foreach (var output in blueprint.Outputs)
        {
            if (
                blueprint.Scenario.Facts.Any(f =>
                    f.Value == output.Value && f.Type == output.Type && output.Type is not "count" and not "flag"
                )
            )
                return $"{output.Value} said without reading it";
        }

        return null;
    }

    /// <summary>How many mutants <see cref="Survivor"/> tries for a blueprint.</summary>
    public int Count(Blueprint blueprint) =>
        blueprint.Actions.Where(a => a.Writes).Sum(a => 1 + Mutants(blueprint, new(a.Tool, a.Arguments)).Count());

    private bool Passes(Blueprint blueprint, ImmutableArray<PlannedWrite> writes, bool lastMustSucceed = false)
    {
        var environment = new DialogueEnvironment(pack, blueprint.Patch);
        var isError = false;
        foreach (var write in writes)
            isError = environment.Call(pack.Tools.Find(write.Tool)!, write.Arguments).IsError;
        // After the gold, the wrong write may be impossible. Then it does no harm and proves nothing.
        if (isError && lastMustSucceed)
            return false;
        return IsAccepted(blueprint, pack.Canon.Canonical(environment.Diff()));
    }

    // The policy check catches a write that a guard forbids, whatever its effect on the state. A write that fails has no effect.
    private bool IsAllowed(Blueprint blueprint, PlannedWrite write)
    {
        var environment = new DialogueEnvironment(pack, blueprint.Patch);
        var tool = pack.Tools.Find(write.Tool)!;
        return pack.Guards.Broken(environment.Db, tool, (JsonMap)write.Arguments).Count == 0
            && !environment.Call(tool, write.Arguments).IsError;
    }

    private bool WritesAnyText(ToolSpec tool) => tool.Changes.Any(c => pack.Domain.Find(c) is { Field.NonEmptyIsEqual: true });

    private static bool IsAccepted(Blueprint blueprint, StateDiff diff)
    {
        foreach (var state in blueprint.AcceptedEndStates)
        {
            if (state.Diff.Equals(diff))
                return true;
        }

        return false;
    }

    // A mutant that is itself an accepted plan (a tie) is no wrong solution.
    private IEnumerable<PlannedWrite> Mutants(Blueprint blueprint, PlannedWrite write)
    {
        var tool = pack.Tools.Find(write.Tool)!;
        var arguments = (JsonMap)write.Arguments;
        foreach (var parameter in tool.Parameters)
        {
            if (!arguments.TryGet(parameter.Name, out var value))
                continue;
            if (parameter.Parts.Count > 0)
            {
                foreach (var record in OtherRecords(parameter, value))
                    yield return new(write.Tool, arguments.With(parameter.Name, record));
                continue;
            }

            // Free text that only has to be non-empty is as good in other words.
            if (value.Kind == JsonKind.Text && parameter.Is is null && parameter.Schema["enum"].IsNull && WritesAnyText(tool))
                continue;
            if (Other(blueprint, parameter, value) is not { } other)
                continue;
            var mutant = new PlannedWrite(write.Tool, arguments.With(parameter.Name, other));
            if (!blueprint.AcceptedEndStates.Any(s => s.Writes.Any(w => w.Tool == mutant.Tool && w.Arguments == mutant.Arguments)))
                yield return mutant;
        }
    }

    // For each property, the record with that property changed (in a list, the first record); a list also without its last record.
    private static IEnumerable<Json> OtherRecords(ToolParameter parameter, Json value)
    {
        if (value is not JsonList list)
        {
            foreach (var other in OtherParts(parameter.Schema, value))
                yield return other;
            yield break;
        }

        if (list.Items.Count == 0)
            yield break;
        foreach (var other in OtherParts(parameter.Schema["items"], list.Items[0]))
            yield return Json.List([other, .. list.Items.Skip(1)]);
        yield return Json.List(list.Items.Take(list.Items.Count - 1));
    }

    private static IEnumerable<Json> OtherParts(Json schema, Json record)
    {
        foreach (var name in ((JsonMap)record).Keys)
        {
            var held = record[name];
            var other =
                held.Kind == JsonKind.Text && schema["properties"][name]["enum"].IsNull ? held.Text + "x"
                : held is JsonNumber number ? number.Value + 1
                : ArgumentDraw.Other(schema["properties"][name], held);
            if (other is not null)
                yield return ((JsonMap)record).With(name, other);
        }
    }

    private Json? Other(Blueprint blueprint, ToolParameter parameter, Json value)
    {
        if (value is JsonList list)
            return list.Items.Count == 0 || Other(blueprint, parameter, list.Items[0]) is not { } item
                ? null
                : Json.List([item, .. list.Items.Skip(1)]);
        if (
            parameter.Is is { } field
            && pack.Domain.Find(field) is { } named
            && (named.Field.Ref is not null || named.Field.Path == named.Entity.Key)
        )
        {
            var entity = named.Field.Ref is { } target ? pack.Domain.Entity(target) : named.Entity;
            return OtherRow(blueprint, entity, value)?.Key;
        }

        return parameter.Schema["enum"] is JsonList || value.Kind != JsonKind.Text
            ? ArgumentDraw.Other(parameter.Schema, value)
            : value.Text + "x";
    }

    private EntityRow? OtherRow(Blueprint blueprint, EntitySpec entity, Json key)
    {
        var db = blueprint.Patch.IsEmpty ? pack.BaseView : pack.View(blueprint.Patch);
        if (pack.Rows.Find(db, entity, key) is not { } row)
            return null;
        var near =
            row.Parent is not null ? EntityRows.Within(row.Parent, entity)
            : pack.Rows.IsOwned(entity) && pack.Rows.Owner(db, row) is { } owner ? pack.Rows.OwnedBy(db, entity, owner)
            : pack.Rows.All(db, entity).Take(3);
        return near.FirstOrDefault(r => r.Key != key);
    }
}
