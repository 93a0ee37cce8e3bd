using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Fills the pack's templates for one task and collects the facts that a text uses. Words come last and only state what is already
/// true.
/// </summary>
public sealed partial class Wording(Pack pack, Binding binding, SeededRandom random, Func<string, EntityRow, Description?> describe)
{
    // Parsed templates of all loaded packs; bounded by the number of templates in the packs.
    private static readonly ConcurrentDictionary<string, (string Literal, string? Slot)[]> Templates = new(StringComparer.Ordinal);

    private readonly Db _view = binding.Patch.IsEmpty ? pack.BaseView : pack.View(binding.Patch);
    private readonly Dictionary<string, Description?> _described = new(StringComparer.Ordinal);
    private readonly Dictionary<DoGoal, string> _asked = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// How a slot's row is referred to: by its choice in words, or by its description; null if no description distinguishes it.
    /// </summary>
    public Description? Describe(string slot)
    {
        if (_described.TryGetValue(slot, out var known))
            return known;
        var spec = binding.Cell.Intent.Slot(slot)!;
        var row = binding.Slots[slot];
        return _described[slot] = spec.Say is { } say ? Template(say, [], null) : describe(slot, row);
    }

    /// <summary>The request for a write, completing "I would like to …"; null if some row cannot be described.</summary>
    public Description? Ask(DoGoal goal, JsonMap arguments, int request)
    {
        var act = pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name);
        var template = goal.Say ?? (act is { Ask.Count: > 0 } ? random.Pick(act.Ask) : Fallback(goal, act));
        var facts = new List<Fact>();
        _asked[goal] = template;
        var verb = act is { Verbs.Count: > 0 } ? random.Pick(act.Verbs) : goal.Tool.Name.Replace('_', ' ');
        var words = Fill(
            template,
            facts,
            name =>
                name == "verb"
                    ? new(verb, [])
                    : Argument(goal, arguments, request, name) ?? Row(goal, name) ?? SlotField(name) ?? Field(goal, name)
        );
        if (words is null)
            return null;

        // Every value that only the human can decide must be in the words, even if the template has no place for it.
        foreach (var (parameter, value) in goal.With)
        {
            if (
                DecidedByHuman(value)
                && Argument(goal, arguments, request, parameter.Name) is { } said
                && !said.Facts.All(f => Has(facts, f))
            )
            {
                words += $" ({parameter.Name.Replace('_', ' ')}: {said.Words})";
                facts.AddRange(said.Facts);
            }
        }

        return Completed(words, facts, SlotsOf(goal));
    }

    /// <summary>The write as the agent offers it, completing "I can …"; null if no template fits.</summary>
    public string? Offer(DoGoal goal, JsonMap arguments, int request)
    {
        var act = pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name);
        var templates =
            act is { Offer.Count: > 0 } ? act.Offer
            : goal.Say is { } say ? [say]
            : AsAsked(act, _asked.GetValueOrDefault(goal) ?? "");
        if (templates.Count == 0)
            return null;
        var verb = act is { Verbs.Count: > 0 } ? random.Pick(act.Verbs) : goal.Tool.Name.Replace('_', ' ');
        return Fill(
            random.Pick(templates),
            [],
            name =>
                name == "verb"
                    ? new(verb, [])
                    : Argument(goal, arguments, request, name) ?? Row(goal, name) ?? SlotField(name) ?? Field(goal, name)
        );
    }

    // Templates of an act that begin with its verb: the request's own if it is among them, else all that refer to the same rows.
    private static IReadOnlyList<string> AsAsked(ActSpec? act, string asked)
    {
        string[] all = [.. act?.Ask.Where(a => a.StartsWith("{verb}", StringComparison.Ordinal)) ?? []];
        if (all.Contains(asked))
            return [asked];
        var slots = Slots(asked);
        return [.. all.Where(a => Slots(a).SetEquals(slots)).DefaultIfEmpty(all.FirstOrDefault() ?? asked)];
    }

    private static HashSet<string> Slots(string template) =>
        [.. Parsed(template).Select(p => p.Slot).OfType<string>().Where(s => s != "verb")];

    /// <summary>A question or condition in the human's words, with the rows that it is about.</summary>
    public Description? Question(string say, IEnumerable<string> slots)
    {
        var facts = new List<Fact>();
        return Template(say, facts, null)?.Words is { } words ? Completed(words, facts, slots) : null;
    }

    // One fact may be stated both as a field and in a row's description; these differ in how the agent asks for it.
    private static bool Has(List<Fact> facts, Fact fact) => facts.Exists(f => f.Slot == fact.Slot && f.Value == fact.Value);

    // Rows that the words do not name follow in parentheses.
    private Description? Completed(string words, List<Fact> facts, IEnumerable<string> slots)
    {
        var left = new List<Description>();
        foreach (var slot in slots)
        {
            if (Describe(slot) is not { } description)
                return null;
            if (description.Facts.All(f => Has(facts, f)))
                continue;
            left.Add(description);
            facts.AddRange(description.Facts);
        }

        return new(left.Count == 0 ? words : $"{words} ({Joined(left)!.Words})", Distinct(facts));
    }

    /// <summary>The details of a write, each "label: value", as its act lists them.</summary>
    public IReadOnlyList<string> Details(DoGoal goal, JsonMap arguments, Db db)
    {
        var details = new List<string>();
        foreach (var slot in pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name)?.Tell ?? [])
        {
            if (Several(goal, db, slot) is { } all)
                details.Add(all);
            else if (Value(goal, arguments, db, slot) is { } told)
                details.Add($"{told.Label}: {told.Said}");
            else if (pack.Domain.Entities.TryGetValue(slot, out var entity) && Row(goal, slot) is { } row)
                details.Add($"{entity.Label}: {row.Words}");
        }

        return details;
    }

    // A field of each of several rows that the write names: all values are stated.
    private string? Several(DoGoal goal, Db db, string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || binding.Slots.ContainsKey(name[..dot]))
            return null;
        EntityRow[] rows = [.. SlotsOf(goal).Select(s => binding.Slots[s]).Where(r => r.Entity.Name == name[..dot])];
        if (rows.Length < 2)
            return null;
        var field = rows[0].Entity.Field(name[(dot + 1)..]);
        var said = rows.Select(r => Now(r, db)[name[(dot + 1)..]])
            .Where(v => !v.IsNull)
            .Select(v => FieldValues.Say(field?.Type ?? "text", v))
            .ToArray();
        return said.Length < 2 ? null : $"{field?.Label ?? name[(dot + 1)..]}: {string.Join(", ", said)}";
    }

    /// <summary>Reports of a write, filled with the state after it.</summary>
    public IReadOnlyList<string> Reports(DoGoal goal, JsonMap arguments, Db db)
    {
        var reports = new List<string>();
        foreach (var template in pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name)?.Done ?? [])
        {
            var filled = Fill(
                template,
                [],
                name =>
                    Value(goal, arguments, db, name) is { } value ? new(value.Said, [])
                    : Row(goal, name) is { } row ? new(row.Words, [])
                    : Argument(goal, arguments, 0, name)
            );
            if (filled is not null)
                reports.Add(filled);
        }

        return reports;
    }

    /// <summary>The request without facts: "renew a loan".</summary>
    public string Brief(DoGoal goal)
    {
        var act = pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name);
        if (act is { Brief.Count: > 0 })
            return random.Pick(act.Brief);
        var verb = act is { Verbs.Count: > 0 } ? random.Pick(act.Verbs) : goal.Tool.Name.Replace('_', ' ');
        var entity = act?.Object is { } named
            ? named.Split('.')[0]
            : goal.With.Select(w => w.Parameter.Is?.Split('.')[0]).FirstOrDefault(e => e is not null && e != pack.Domain.Who);
        if (entity is null || !pack.Domain.Entities.TryGetValue(entity, out var spec))
            return verb;
        if (entity == pack.Domain.Who)
            return $"{verb} your {(act?.Object is { } field && pack.Domain.Find(field) is { } found ? found.Field.Label : "account")}";
        return $"{verb} {("aeiou".Contains(char.ToLowerInvariant(spec.Label[0])) ? "an" : "a")} {spec.Label}";
    }

    private static bool DecidedByHuman(ArgumentSpec value) =>
        value switch
        {
            AnyValue => true,
            ValueOf { Formula: Constant } => true,
            ListOf list => list.Items.Any(DecidedByHuman),
            RecordOf record => record.Parts.Any(p => DecidedByHuman(p.Value)),
            _ => false,
        };

    private static string Fallback(DoGoal goal, ActSpec? act) =>
        act is { Verbs.Count: > 0, Object: { } named } ? $"{{verb}} {{{named.Split('.')[0]}}}" : goal.Tool.Name.Replace('_', ' ');

    private IEnumerable<string> SlotsOf(DoGoal goal) =>
        goal.With.SelectMany(w => Names(w.Value)).Where(n => binding.Slots.ContainsKey(n)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Names(ArgumentSpec value) =>
        value switch
        {
            ValueOf of => FormulaNames.Of(of.Formula),
            ListOf list => list.Items.SelectMany(Names),
            RecordOf record => record.Parts.SelectMany(p => Names(p.Value)),
            _ => [],
        };

    // An argument that the human decides is a fact of its own; a field of an entry is a fact of the entry.
    private Description? ArgumentFact(ToolSpec tool, string slot, ToolParameter parameter, Json value)
    {
        var field = parameter.Is is { } path && pack.Domain.Find(path) is { } named ? named.Field : null;
        var type =
            parameter.Schema["enum"] is JsonList
                ? "enum"
                : parameter.Schema["type"].Text switch
                {
                    "integer" => "count",
                    "number" => field?.Type == "decimal" ? "decimal" : "money",
                    _ => "text",
                };
        var said = FieldValues.Say(type, value);
        var label = field?.Label ?? parameter.Name.Replace('_', ' ');
        // People do not know an argument that has only a name, so the agent asks for the details instead.
        var act = pack.Domain.Acts.GetValueOrDefault(tool.Name);
        var ask = act?.Asks.GetValueOrDefault(parameter.Name) ?? field?.Ask ?? (field is null && !Phrasing.IsUnit(type, label) ? "" : null);
        return new(
            said,
            [
                new(slot, value, type, label, said, Disclosure.Volunteer)
                {
                    Ask = ask,
                    Answer =
                        act?.Answers.GetValueOrDefault(parameter.Name)?.Replace("{}", said, StringComparison.Ordinal)
                        ?? Answer(field, said),
                },
            ]
        );
    }

    private Description? Argument(DoGoal goal, JsonMap arguments, int request, string name)
    {
        var bar = name.IndexOf('|', StringComparison.Ordinal);
        var argument = bar < 0 ? name : name[..bar];
        foreach (var (parameter, value) in goal.With)
        {
            if (parameter.Name != argument)
                continue;
            var held = arguments[argument];
            if (parameter.Parts.Count > 0)
            {
                var said = Records(goal.Tool, parameter, held);
                return value is ValueOf { Formula: NamePath { Rest: not null } told } && binding.Entries.ContainsKey(told.Head)
                    ? new(
                        said,
                        [
                            new($"{told.Head}.{told.Rest}", held, "text", parameter.Name.Replace('_', ' '), said, Disclosure.Volunteer)
                            {
                                Ask = "",
                            },
                        ]
                    )
                    : new(said, []);
            }

            if (value is ValueOf { Formula: NamePath { Rest: null } slot } && binding.Slots.ContainsKey(slot.Head))
                return Describe(slot.Head);
            if (
                value is ListOf list
                && list.Items.All(i => i is ValueOf { Formula: NamePath { Rest: null } n } && binding.Slots.ContainsKey(n.Head))
            )
                return Joined(list.Items.Select(i => Describe(((NamePath)((ValueOf)i).Formula).Head)));
            if (value is ValueOf { Formula: NamePath { Rest: not null } path } && binding.Entries.ContainsKey(path.Head))
                return ArgumentFact(goal.Tool, $"{path.Head}.{path.Rest}", parameter, held);
            if (!DecidedByHuman(value))
                return new(FieldValues.Say(TypeOf(parameter), held), []);
            var fact = ArgumentFact(goal.Tool, $"{request + 1}.{argument}", parameter, held)!;
            return bar < 0 ? fact : fact with { Words = Counted(held, name[(bar + 1)..]) };
        }

        return null;
    }

    // A record as its act's "items" template says it, else its values one after another.
    private string Records(ToolSpec tool, ToolParameter parameter, Json held)
    {
        var template = pack.Domain.Acts.GetValueOrDefault(tool.Name)?.Items.GetValueOrDefault(parameter.Name);
        var records = (held is JsonList list ? list.Items : [held]).Select(r =>
            template is null
                ? string.Join(" ", ((JsonMap)r).Keys.Select(k => Part(parameter, r, k)))
                : Fill(template, [], name => parameter.Parts.ContainsKey(name) ? new(Part(parameter, r, name), []) : null) ?? ""
        );
        return string.Join(", ", records);
    }

    // If a property names one of the task's rows, it is said as people refer to that row.
    private string Part(ToolParameter parameter, Json record, string name)
    {
        if (parameter.Parts.GetValueOrDefault(name) is not { } @is || pack.Domain.Find(@is) is not { } named)
            return FieldValues.Say("text", record[name]);
        foreach (var (slot, row) in binding.Slots)
        {
            if (
                row.Entity == named.Entity
                && named.Field.Path == named.Entity.Key
                && named.Field.Ref is null
                && row.Key == record[name]
                && Describe(slot) is { } described
            )
                return described.Words;
        }

        return FieldValues.Say(named.Field.Type, record[name]);
    }

    private string TypeOf(ToolParameter parameter) =>
        parameter.Is is { } field && pack.Domain.Find(field) is { } found ? found.Field.Type : "text";

    private Description? Row(DoGoal goal, string entity)
    {
        if (binding.Slots.ContainsKey(entity))
            return Describe(entity);
        var slots = SlotsOf(goal).Where(s => binding.Slots[s].Entity.Name == entity).ToArray();
        return slots.Length == 0 ? null : Joined(slots.Select(Describe));
    }

    // A field in an "ask" is a fact that the human knows of the row.
    private Description? Field(DoGoal goal, string name)
    {
        if (Value(goal, JsonMap.Empty, null, name) is not { } value)
            return null;
        var field = pack.Domain.Find(name)?.Field;
        return new(
            value.Said,
            [
                new(
                    $"{value.Slot ?? pack.Domain.Who}.{name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]}",
                    value.Value,
                    value.Type,
                    value.Label,
                    value.Said,
                    Disclosure.Volunteer
                )
                {
                    Ask = field?.Ask,
                    Answer = Answer(field, value.Said),
                },
            ]
        );
    }

    private static string? Answer(FieldSpec? field, string said) => field?.Answer?.Replace("{}", said, StringComparison.Ordinal);

    private (string Label, string Said, Json Value, string Type, string? Slot)? Value(DoGoal goal, JsonMap arguments, Db? db, string name)
    {
        if (goal.With.FirstOrDefault(w => w.Parameter.Name == name) is { Parameter: { } parameter } && arguments.TryGet(name, out var held))
        {
            var words = Argument(goal, arguments, 0, name)?.Words ?? FieldValues.Say(TypeOf(parameter), held);
            // The choices of an argument use its own name as label, other arguments the label of their field.
            var label =
                parameter.Schema["enum"].IsNull && parameter.Is is { } holds && pack.Domain.Find(holds) is { Field: { Ref: null } meant }
                    ? meant.Label
                    : name.Replace('_', ' ');
            return (label, words, held, TypeOf(parameter), null);
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return null;
        var head = name[..dot];
        var slot = binding.Slots.ContainsKey(head) ? head : SlotsOf(goal).FirstOrDefault(s => binding.Slots[s].Entity.Name == head);
        var row =
            slot is not null ? binding.Slots[slot]
            : head == "owner" || head == pack.Domain.Who ? binding.Owner
            : arguments.Count > 0 && db is not null && pack.Domain.Entities.TryGetValue(head, out var entity)
                ? pack.Guards.RowFor(db, goal.Tool, arguments, entity)
            : null;
        if (row is null)
            return null;
        if (db is not null)
            row = Now(row, db);
        var field = row.Entity.Field(name[(dot + 1)..]);
        var value = row[name[(dot + 1)..]];
        return value.IsNull
            ? null
            : (field?.Label ?? name[(dot + 1)..], FieldValues.Say(field?.Type ?? "text", value), value, field?.Type ?? "text", slot);
    }

    private EntityRow Now(EntityRow row, Db db) =>
        pack.Rows.Find(db, row.Entity, row.Key, row.Parent is null ? null : pack.Rows.Find(db, row.Parent.Entity, row.Parent.Key)) ?? row;

    private Description? Template(string template, List<Fact> facts, DoGoal? goal)
    {
        var words = Fill(
            template,
            facts,
            name => binding.Slots.ContainsKey(name) ? Describe(name) : SlotField(name) ?? (goal is null ? null : Row(goal, name))
        );
        return words is null ? null : new(words, facts);
    }

    private Description? SlotField(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return null;
        if (binding.Entries.TryGetValue(name[..dot], out var entry))
            return EntryField(name, entry, name[(dot + 1)..]);
        if (!binding.Slots.TryGetValue(name[..dot], out var row))
            return null;
        var path = name[(dot + 1)..];
        var inner = path.IndexOf('.', StringComparison.Ordinal);
        if (
            row.Entity.Field(path) is null
            && inner > 0
            && pack.Domain.Entities.TryGetValue(path[..inner], out var entity)
            && pack.Rows.Related(_view, row, entity) is { } led
        )
            (row, path) = (led, path[(inner + 1)..]);
        var field = row.Entity.Field(path);
        var said = FieldValues.Say(field?.Type ?? "text", row[path]);
        return new(
            said,
            [
                new(name, row[path], field?.Type ?? "text", field?.Label ?? name, said, Disclosure.Volunteer)
                {
                    Ask = field is null ? "" : field.Ask,
                    Answer = Answer(field, said),
                },
            ]
        );
    }

    private static Description? EntryField(string name, JsonMap entry, string path)
    {
        var bar = path.IndexOf('|', StringComparison.Ordinal);
        var field = bar < 0 ? path : path[..bar];
        var value = FieldPath.Read(entry, field);
        if (value.IsNull)
            return null;
        var type =
            value is JsonNumber ? "count"
            : FieldValues.TryDate(value.Text ?? "", out _) ? "date"
            : "text";
        var said = FieldValues.Say(type, value);
        var slot = bar < 0 ? name : name[..(name.Length - path.Length + bar)];
        return new(
            bar < 0 ? said : Counted(value, path[(bar + 1)..]),
            [new(slot, value, type, field.Replace('_', ' '), said, Disclosure.Volunteer) { Ask = "" }]
        );
    }

    // Null if a placeholder of the template has no value here: then the template does not fit this task.
    private static string? Fill(string template, List<Fact> facts, Func<string, Description?> value)
    {
        var fits = true;
        var parts = Templates.GetOrAdd(template, static t => Parsed(t));
        var words = new string[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (literal, name) = parts[i];
            words[i] = literal;
            if (name is null)
                continue;
            if (value(name) is not { } found)
            {
                fits = false;
                continue;
            }

            facts.AddRange(found.Facts);
            words[i] = found.Words;
        }

        if (!fits)
            return null;
        var text = string.Concat(words);
        // An empty value must not leave a gap.
        return text.Contains(", ,", StringComparison.Ordinal) ? text.Replace(", ,", ",", StringComparison.Ordinal) : text;
    }

    private static (string Literal, string? Slot)[] Parsed(string template)
    {
        var parts = new List<(string Literal, string? Slot)>();
        var at = 0;
        foreach (Match match in Slot().Matches(template))
        {
            if (match.Index > at)
                parts.Add((template[at..match.Index], null));
            parts.Add(("", match.Groups[1].Value));
            at = match.Index + match.Length;
        }

        if (at < template.Length)
            parts.Add((template[at..], null));
        return [.. parts];
    }

    private static Description? Joined(IEnumerable<Description?> parts)
    {
        var all = parts.ToArray();
        if (all.Any(p => p is null))
            return null;
        var words = all.Select(p => p!.Words).ToArray();
        var joined = words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
        return new(joined, [.. all.SelectMany(p => p!.Facts)]);
    }

    private static string Counted(Json value, string unit) =>
        value.Number is 1 ? $"1 {unit}" : $"{FieldValues.Say("count", value)} {unit}s";

    private static Fact[] Distinct(IEnumerable<Fact> facts) => [.. facts.DistinctBy(f => f.Slot, StringComparer.Ordinal)];

    [GeneratedRegex(@"\{([\w.\[\]| ]+)\}")]
    private static partial Regex Slot();
}
