using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Makes one sentence of an agent that is forbidden or untrue in a given state of its dialogue.</summary>
internal sealed class LooseWords(Pack pack, Blueprint blueprint, SeededRandom random)
{
    /// <summary>A shorter name may match other words by chance.</summary>
    private const int ShortestName = 4;

    /// <param name="db">The state.</param>
    /// <param name="observed">The observations so far.</param>
    /// <returns>Null if no sentence of the kind is possible in this state.</returns>
    public string? Say(string kind, Db db, IReadOnlyList<string> observed) =>
        kind switch
        {
            FaultKinds.UnmadeHandOver => random.Pick(LooseLines.HandOver),
            FaultKinds.InventedProcedure => random.Pick(LooseLines.Procedure),
            FaultKinds.UnaskedAdvice => random.Pick(LooseLines.Advice),
            FaultKinds.CalledDifference => new CalledDifferences(pack, blueprint, random).Draw(observed),
            FaultKinds.OffDomain => random.Pick(LooseLines.OffDomain),
            FaultKinds.FalsePermission => Permission(db, Shown(db, observed)),
            FaultKinds.FalseState => random.Chance(0.3) ? Person(observed) ?? State(db, observed) : State(db, observed) ?? Person(observed),
            FaultKinds.MisjudgedReason => random.Shuffled(pack.Rules.SelectMany(r => r.Options["slips"].Items)).FirstOrDefault()?.Text,
            _ => null,
        };

    private string? Permission(Db db, List<EntityRow> rows)
    {
        foreach (var row in random.Shuffled(rows))
        {
            if (Spoken(row, rows) is not { } name)
                continue;
            foreach (var act in random.Shuffled(pack.Domain.Acts.Values.OrderBy(a => a.Tool, StringComparer.Ordinal)))
            {
                foreach (var verb in random.Shuffled(act.Verbs.Where(v => !v.Contains(' ', StringComparison.Ordinal))))
                {
                    // Another allowed write that the verb can mean would make the sentence true.
                    ToolSpec[] meant = [.. pack.Tools.All.Where(t => t.Writes && Target(t) == row.Entity && CanMean(t, verb))];
                    if (meant.Length == 0 || !Array.TrueForAll(meant, t => IsForbidden(db, t, row)))
                        continue;
                    if (Past(verb) is { } past && random.Chance(0.4))
                        return string.Format(random.Pick(LooseLines.Possible), Phrasing.Sentence(name).TrimEnd('.'), past);
                    return string.Format(random.Pick(LooseLines.Permission), verb, name);
                }
            }
        }

        return null;
    }

    private string? State(Db db, IReadOnlyList<string> observed)
    {
        var rows = Shown(db, observed);
        var start = pack.View(blueprint.Patch);
        if (random.Chance(0.3) && Unread(db, rows, observed) is { } unread)
            return unread;
        var set = pack.Tools.All.Where(t => t.Writes).SelectMany(t => t.Parameters).Select(p => p.Is).ToHashSet(StringComparer.Ordinal);
        foreach (var row in random.Shuffled(rows))
        {
            foreach (
                var field in random.Shuffled(
                    row.Entity.Fields.Values.Where(f =>
                            f.Type == "enum" && f.Values.Count > 1 && !set.Contains($"{row.Entity.Name}.{f.Path}")
                        )
                        .OrderBy(f => f.Path, StringComparer.Ordinal)
                )
            )
            {
                // The row's initial value is outdated and no lie.
                if (
                    row[field.Path].Text is not { } held
                    || (pack.Rows.Find(start, row.Entity, row.Key)?[field.Path].Text ?? held) is not { } was
                )
                    continue;
                string[] others = [.. field.Values.Where(v => !Alike(v, held) && !Alike(v, was))];
                if (others.Length == 0)
                    continue;
                var said = random.Pick(others).Replace('_', ' ');
                if (row.Entity.Name == pack.Domain.Who)
                    return string.Format(random.Pick(LooseLines.PersonState), field.Label, said);
                if (Spoken(row, rows) is { } name)
                    return string.Format(random.Pick(LooseLines.State), Phrasing.Sentence(name).TrimEnd('.'), said, Label(field), name);
            }
        }

        return null;
    }

    // A row of which a list of the human's own rows showed the key alone.
    private string? Unread(Db db, List<EntityRow> rows, IReadOnlyList<string> observed)
    {
        if (rows.Find(r => r.Entity.Name == pack.Domain.Who) is not { } person)
            return null;
        foreach (
            var entity in pack
                .Domain.EntityOrder.Select(pack.Domain.Entity)
                .Where(e => e.Parent is null && e.Owner is not null && e.ToldBy.Contains(e.Key))
        )
        {
            if (
                entity.Fields.Values.FirstOrDefault(f => f is { Type: "enum", Path: "status" or "state" } && f.Values.Count > 1)
                is not { } field
            )
                continue;
            foreach (var row in random.Shuffled(pack.Rows.OwnedBy(db, entity, person)))
            {
                var key = EntityRows.Text(row.Key);
                if (!rows.Exists(r => r.IsSame(row)) && observed.Any(o => o.Contains(key, StringComparison.Ordinal)))
                    return $"{Phrasing.Sentence($"{entity.Label} {key}").TrimEnd('.')} is {random.Pick(field.Values).Replace('_', ' ')}.";
            }
        }

        return null;
    }

    private static bool Alike(string a, string b) => a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal);

    // For the label "state of the loan", "The state of the loan of Dune" would repeat the row.
    private static string Label(FieldSpec field)
    {
        var of = field.Label.IndexOf(" of ", StringComparison.Ordinal);
        return of < 0 ? field.Label : field.Label[..of];
    }

    // One person's first name with another's last name: a person that no observation shows.
    private string? Person(IReadOnlyList<string> observed)
    {
        foreach (var entity in random.Shuffled(pack.Domain.EntityOrder.Select(pack.Domain.Entity)))
        {
            var first = entity.Fields.Values.FirstOrDefault(f =>
                f.Type == "name" && f.Path.EndsWith("first_name", StringComparison.Ordinal)
            );
            var last = entity.Fields.Values.FirstOrDefault(f =>
                f.Type == "name" && (f.Path.EndsWith("last_name", StringComparison.Ordinal) || f.Path == "surname")
            );
            if (first is null || last is null)
                continue;
            var people = pack.Rows.All(pack.BaseView, entity).Take(200).ToArray();
            for (var i = 0; i < 12 && people.Length > 1; i++)
            {
                if (
                    random.Pick(people)[first.Path].Text is not { Length: >= ShortestName } a
                    || random.Pick(people)[last.Path].Text is not { Length: >= ShortestName } b
                )
                    continue;
                if (!observed.Any(o => o.Contains(a, StringComparison.Ordinal) && o.Contains(b, StringComparison.Ordinal)))
                    return string.Format(random.Pick(LooseLines.Names), $"{a} {b}");
            }
        }

        return null;
    }

    // The owned rows in the observations.
    private List<EntityRow> Shown(Db db, IReadOnlyList<string> observed)
    {
        var rows = new List<EntityRow>();
        EntitySpec[] roots = [.. pack.Domain.EntityOrder.Select(pack.Domain.Entity).Where(e => e.Parent is null && pack.Rows.IsOwned(e))];
        foreach (var text in observed)
        {
            if (Json.TryParse(text, out var value, out _))
                Collect(value);
        }

        return rows;

        void Collect(Json within)
        {
            if (within is JsonMap { Count: > 3 } map)
            {
                foreach (var entity in roots)
                {
                    if (
                        map[entity.Key] is JsonText key
                        && (entity.Owner is null || !map[entity.Owner].IsNull)
                        && pack.Rows.Find(db, entity, key) is { } row
                        && !rows.Exists(r => r.IsSame(row))
                    )
                        rows.Add(row);
                }
            }

            foreach (var inner in within is JsonMap held ? held.Values : within.Items)
            {
                if (inner is JsonMap or JsonList)
                    Collect(inner);
            }
        }
    }

    // The row as people refer to it, if the reference is unique among the observed rows.
    private static string? Spoken(EntityRow row, List<EntityRow> rows)
    {
        foreach (var told in row.Entity.ToldBy)
        {
            if (row.Entity.Field(told) is not { Type: "id" or "text" or "name" } || row[told].Text is not { Length: >= ShortestName } value)
                continue;
            if (rows.Any(r => r.Entity == row.Entity && !r.IsSame(row) && r[told].Text == value))
                continue;
            return row.Entity.Say.GetValueOrDefault(told, $"the {row.Entity.Label} {{}}").Replace("{}", value, StringComparison.Ordinal);
        }

        return null;
    }

    private EntitySpec? Target(ToolSpec tool) =>
        tool.Parameters.Select(p => pack.Domain.EntityOfKey(p.Is)).FirstOrDefault(e => e is { Parent: null } && e.Name != pack.Domain.Who)
            is { } entity
        && pack.Rows.IsOwned(entity)
            ? entity
            : null;

    private bool CanMean(ToolSpec tool, string verb)
    {
        string[] changing = ["change", "update", "modify", "adjust"];
        var act = pack.Domain.Acts.GetValueOrDefault(tool.Name);
        var own = (act is null ? [] : act.Verbs.Concat(act.KnownAs)).Select(v => v.Split(' ')[0]).Append(tool.Name.Split('_')[0]).ToArray();
        return own.Contains(verb, StringComparer.Ordinal) || (changing.Contains(verb) && own.Any(changing.Contains));
    }

    private bool IsForbidden(Db db, ToolSpec tool, EntityRow row)
    {
        var parameter = tool.Parameters.First(p => pack.Domain.EntityOfKey(p.Is) == row.Entity);
        var arguments = JsonMap.Empty.With(parameter.Name, row.Key);
        return tool.Guards.Any(g =>
            g.DependsOnRowsOnly
            && pack.Guards.Test(db, tool, g, arguments) == false
            && !tool.Parameters.Any(p =>
                p != parameter
                && pack.Domain.EntityOfKey(p.Is) is { } other
                && g.Parameters.Any(r => r.Input == GuardInput.Row && r.Name == other.Name)
            )
        );
    }

    private static string? Past(string verb) =>
        verb switch
        {
            "cancel" => "cancelled",
            "drop" or "swap" or "ship" => $"{verb}ped",
            "send" or "take" or "give" or "put" or "set" or "pay" or "hold" or "withdraw" => null,
            _ when verb.EndsWith('e') => verb + "d",
            _ when verb.EndsWith('y') => null,
            _ => verb + "ed",
        };
}
