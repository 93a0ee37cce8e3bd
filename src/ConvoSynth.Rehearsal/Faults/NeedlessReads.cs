using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>A read of a dialogue: what it asks, and what it showed.</summary>
internal sealed record MadeRead(ToolSpec Tool, JsonMap Arguments, string Shown);

/// <summary>
/// Draws a read that a right dialogue does without: one made before, or one of another row whose key the agent has seen. Since the
/// dialogue is right without it, nothing rests on it.
/// </summary>
/// <param name="db">The state at the place of the read.</param>
internal sealed partial class NeedlessReads(Pack pack, Blueprint blueprint, SeededRandom random, Db db)
{
    private const int Tries = 24;
    private const double RepeatShare = 0.4;

    private readonly ArgumentFilling _filling = new(pack, blueprint, random, db);

    /// <param name="before">The reads made so far.</param>
    /// <param name="later">The calls that follow in the right dialogue.</param>
    /// <param name="said">All that the human has said.</param>
    /// <param name="told">All that the parties say.</param>
    public PlannedCall? Draw(IReadOnlyList<MadeRead> before, IReadOnlyList<(ToolSpec Tool, Json Arguments)> later, string said, string told)
    {
        var trial = new Trial(pack, blueprint);
        if (random.Chance(RepeatShare) && before.Count > 0)
        {
            var again = random.Pick(before);
            return new(again.Tool.Name, again.Arguments.ToString());
        }

        var shown = string.Join('\n', before.Select(r => r.Shown));
        var reads = pack.Tools.All.Where(t => t.Kind == ToolKind.Read && t.Reveals.Count > 0 && !IsProof(t)).ToArray();
        for (var i = 0; i < Tries && reads.Length > 0; i++)
        {
            var tool = random.Pick(reads);
            if (
                !blueprint.AvailableTools.Contains(tool.Name, StringComparer.Ordinal)
                || Arguments(tool, shown) is not { } arguments
                || before.Any(r => r.Tool == tool && r.Arguments == arguments)
                || later.Any(c => c.Tool == tool && c.Arguments == arguments)
                || Keys(tool, arguments).Any(k => told.Contains(k, StringComparison.OrdinalIgnoreCase))
                || IsOfSearch(tool, later, said)
            )
                continue;
            var result = trial.Environment.Call(tool, arguments);
            if (
                !result.IsError
                && result.Value is not (JsonNull or JsonList { Items.Count: 0 } or JsonMap { Count: 0 })
                && !IsForGuard(tool, result.Text, later)
            )
                return new(tool.Name, arguments.ToString());
        }

        return null;
    }

    /// <summary>A read before another read of the plan, after the proof of identity.</summary>
    public static FaultPlan? Plan(Pack pack, Blueprint blueprint, SeededRandom random)
    {
        var proof = blueprint.Actions.TakeWhile(a => !IsProof(pack, a.Tool)).Count();
        foreach (var at in random.Shuffled(Enumerable.Range(0, blueprint.Actions.Length).Skip(proof + 1)))
        {
            // Before a write it would stand between the yes and the act.
            if (blueprint.Actions[at].Writes || pack.Tools.Find(blueprint.Actions[at].Tool)!.Kind == ToolKind.Transfer)
                continue;
            var environment = new Trial(pack, blueprint).Gold(0, at).Environment;
            var before = blueprint
                .Actions.Take(at)
                .Where((a, i) => IsFresh(a, i, at))
                .Select(a => new MadeRead(pack.Tools.Find(a.Tool)!, (JsonMap)a.Arguments, a.Observation))
                .ToArray();
            var later = blueprint.Actions.Skip(at).Select(a => (pack.Tools.Find(a.Tool)!, a.Arguments)).ToArray();
            // A row that the human names by mistake at first may be read.
            var told = string.Join(
                '\n',
                [.. blueprint.Scenario.Facts.Select(f => $"{f.Said} {f.Value}"), .. blueprint.Scenario.Requests.Select(r => r.Opening)]
            );
            if (new NeedlessReads(pack, blueprint, random, environment.Db).Draw(before, later, SaidBefore(at), told) is { } call)
                return new(FaultKinds.NeedlessRead) { Action = at, Calls = [call] };
        }

        return null;

        // What a wish needs is said before its reads.
        string SaidBefore(int at)
        {
            var slots = blueprint
                .Scenario.Requests.Where(r => r.FirstAction <= at)
                .SelectMany(r => r.Slots)
                .ToHashSet(StringComparer.Ordinal);
            return string.Join('\n', blueprint.Scenario.Facts.Where(f => slots.Contains(f.Slot)).Select(f => $"{f.Said} {f.Value}"));
        }

        // A read after a write may show something else than before it.
        bool IsFresh(GoldAction action, int index, int before) =>
            Shows(pack.Tools.Find(action.Tool)!) && !blueprint.Actions.Take(before).Skip(index).Any(a => a.Writes);
    }

    /// <summary>Whether a call of the tool shows something: a place to think does not.</summary>
    public static bool Shows(ToolSpec tool) => tool.Kind == ToolKind.Read && (tool.Reveals.Count > 0 || tool.Calculates);

    private bool IsProof(ToolSpec tool) => IsProof(pack, tool.Name);

    private static bool IsProof(Pack pack, string tool) => pack.Domain.Identity.Any(p => p.Tool == tool);

    // While the agent looks for a row that the human has not named, looking at its neighbours is no waste.
    private bool IsOfSearch(ToolSpec tool, IReadOnlyList<(ToolSpec Tool, Json Arguments)> later, string said)
    {
        var entities = tool.Parameters.Select(NamedBy).OfType<EntitySpec>().Where(pack.Rows.IsOwned).ToArray();
        foreach (var (other, arguments) in later)
        {
            foreach (var parameter in other.Parameters)
            {
                if (
                    NamedBy(parameter) is { } entity
                    && entity.Name != pack.Domain.Who
                    && entities.Contains(entity)
                    && arguments[parameter.Name].Text is { } key
                    && !said.Contains(key, StringComparison.OrdinalIgnoreCase)
                )
                    return true;
            }
        }

        return false;
    }

    // Even a right dialogue may leave out what a guard of a later write takes; then this read would be worth something.
    private bool IsForGuard(ToolSpec tool, string shown, IReadOnlyList<(ToolSpec Tool, Json Arguments)> later) =>
        later.Any(c =>
            c.Tool.Guards.Count > 0
            && c.Tool.Parameters.Any(p =>
                NamedBy(p) is { } entity
                && tool.Reveals.Contains(entity.Name, StringComparer.Ordinal)
                && (p.IsList ? c.Arguments[p.Name].Items : [c.Arguments[p.Name]]).Any(k =>
                    FieldValues.ContainsToken(shown, EntityRows.Text(k))
                )
            )
        );

    private EntitySpec? NamedBy(ToolParameter parameter) =>
        parameter.Is is null || pack.Domain.Find(parameter.Is) is not { } named ? null
        : named.Field.Ref is { } reference ? pack.Domain.Entity(reference)
        : named.Field.Path == named.Entity.Key ? named.Entity
        : null;

    private IEnumerable<string> Keys(ToolSpec tool, JsonMap arguments) =>
        tool
            .Parameters.Where(p => NamedBy(p) is { } entity && entity.Name != pack.Domain.Who && pack.Rows.IsOwned(entity))
            .Select(p => arguments[p.Name].Text)
            .OfType<string>();

    // Every value stands in what was shown, so the read has a source for each.
    private JsonMap? Arguments(ToolSpec tool, string shown)
    {
        var arguments = JsonMap.Empty;
        foreach (var parameter in tool.Parameters)
        {
            if (Value(parameter, shown) is { } value)
                arguments = arguments.With(parameter.Name, parameter.IsList ? Json.List(value) : value);
            else if (!parameter.Optional)
                return null;
        }

        return arguments;
    }

    private Json? Value(ToolParameter parameter, string shown)
    {
        if (NamedBy(parameter) is { } entity)
        {
            if (entity.Parent is not null || _filling.Owner is not { } owner)
                return null;
            var rows =
                entity.Name == pack.Domain.Who ? [owner]
                : pack.Rows.IsOwned(entity) ? pack.Rows.OwnedBy(db, entity, owner)
                : pack.Rows.All(db, entity);
            Json[] keys = [.. rows.Select(r => r.Key).Where(k => FieldValues.ContainsToken(shown, EntityRows.Text(k)))];
            return keys.Length == 0 ? null : random.Pick(keys);
        }

        if (parameter.Is is not null && pack.Domain.Find(parameter.Is) is { Field.Type: "date" })
            return Day().Matches(shown) is { Count: > 0 } days ? random.Pick([.. days.Select(d => d.Value)]) : null;
        return parameter.Schema["enum"].Items is { Count: > 0 } allowed ? random.Pick(allowed) : null;
    }

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Day();
}
