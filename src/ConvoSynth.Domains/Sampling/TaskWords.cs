using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Rows, fields and arguments of one task in words, with the facts that the words state.</summary>
internal sealed class TaskWords(Pack pack, Binding binding, Func<string, EntityRow, Description?> describe)
{
    private readonly SlotFields _fields = new(pack, binding);
    private readonly Dictionary<string, Description?> _described = new(StringComparer.Ordinal);

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

    public static bool DecidedByHuman(ArgumentSpec value) =>
        value switch
        {
            AnyValue => true,
            ValueOf { Formula: Constant } => true,
            ListOf list => list.Items.Any(DecidedByHuman),
            RecordOf record => record.Parts.Any(p => DecidedByHuman(p.Value)),
            _ => false,
        };

    public IEnumerable<string> SlotsOf(DoGoal goal) =>
        goal.With.SelectMany(w => FormulaNames.Of(w.Value)).Where(n => binding.Slots.ContainsKey(n)).Distinct(StringComparer.Ordinal);

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
                        ?? SlotFields.Answer(field, said),
                },
            ]
        );
    }

    public Description? Argument(DoGoal goal, JsonMap arguments, int request, string name)
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
            return bar < 0 ? fact : fact with { Words = SlotFields.Counted(held, name[(bar + 1)..]) };
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
                : TaskTemplate.Fill(template, [], name => parameter.Parts.ContainsKey(name) ? new(Part(parameter, r, name), []) : null)
                    ?? ""
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

    public Description? Row(DoGoal goal, string entity)
    {
        if (binding.Slots.ContainsKey(entity))
            return Describe(entity);
        var slots = SlotsOf(goal).Where(s => binding.Slots[s].Entity.Name == entity).ToArray();
        return slots.Length == 0 ? null : Joined(slots.Select(Describe));
    }

    // A field in an "ask" is a fact that the human knows of the row.
    public Description? Field(DoGoal goal, string name)
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
                    Answer = SlotFields.Answer(field, value.Said),
                },
            ]
        );
    }

    public (string Label, string Said, Json Value, string Type, string? Slot)? Value(DoGoal goal, JsonMap arguments, Db? db, string name)
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

    public EntityRow Now(EntityRow row, Db db) =>
        pack.Rows.Find(db, row.Entity, row.Key, row.Parent is null ? null : pack.Rows.Find(db, row.Parent.Entity, row.Parent.Key)) ?? row;

    public Description? Template(string template, List<Fact> facts, DoGoal? goal)
    {
        var words = TaskTemplate.Fill(
            template,
            facts,
            name => binding.Slots.ContainsKey(name) ? Describe(name) : _fields.Of(name) ?? (goal is null ? null : Row(goal, name))
        );
        return words is null ? null : new(words, facts);
    }

    public static Description? Joined(IEnumerable<Description?> parts)
    {
        var all = parts.ToArray();
        if (all.Any(p => p is null))
            return null;
        var words = all.Select(p => p!.Words).ToArray();
        var joined = words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
        return new(joined, [.. all.SelectMany(p => p!.Facts)]);
    }

    /// <summary>What a name in a template of a write says.</summary>
    public Description? Named(DoGoal goal, JsonMap arguments, int request, string name) =>
        Argument(goal, arguments, request, name) ?? Row(goal, name) ?? _fields.Of(name) ?? Field(goal, name);
}
