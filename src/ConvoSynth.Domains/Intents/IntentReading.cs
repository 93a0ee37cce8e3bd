using ConvoSynth.Core;
using ConvoSynth.Domains.Formulas;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Intents;

/// <summary>Reads <c>intents.yaml</c>.</summary>
internal sealed class IntentReading(Func<string, string?> textOf, DomainSpec domain, ToolSet tools, List<PackDiagnostic> faults)
{
    public IReadOnlyList<IntentSpec> Read(YamlPart root)
    {
        var intents = new List<IntentSpec>();
        foreach (var part in root.Items)
        {
            part.Only("id", "reason", "rows", "goal");
            var id = part.Require("id")?.Text ?? "";
            if (intents.Any(i => i.Id == id))
                part.Fail($"the intent {id} stands twice");
            intents.Add(Intent(id, part));
        }

        return intents;
    }

    /// <summary>Reads the intent from a map with <c>reason</c>, <c>rows</c> and <c>goal</c>.</summary>
    public IntentSpec Intent(string id, YamlPart part)
    {
        var slots = new List<SlotSpec>();
        foreach (var (name, slot) in part["rows"]?.Entries ?? [])
        {
            if (Slot(name, slot, slots) is { } read)
                slots.Add(read);
        }

        var goals = (part.Require("goal")?.Items ?? []).Select(g => Goal(g, slots)).OfType<GoalSpec>().ToArray();
        if (goals.Length == 0)
            part.Fail($"the intent {id} has no goal");
        return new()
        {
            Id = id,
            Reasons = part.TextsOf("reason"),
            Slots = slots,
            Goals = goals,
            Line = part.Line,
        };
    }

    private JsonMap[] Listed(YamlPart from)
    {
        if (textOf(from.Text) is not { } text)
        {
            from.Fail($"the pack has no file {from.Text}");
            return [];
        }

        var entries = YamlPart.Parse(from.Text, text, faults)?.Items.Select(i => i.Json).OfType<JsonMap>().ToArray() ?? [];
        if (entries.Length == 0)
            from.Fail($"{from.Text} is no list of entries");
        return entries;
    }

    private SlotSpec? Slot(string name, YamlPart part, List<SlotSpec> above)
    {
        if (part.IsScalar)
            return Slot(name, part.Text, part, above);
        part.Only("row", "where", "pick", "say", "from");
        if (part["from"] is { } from)
            return new() { Name = name, Entries = Listed(from) };
        if (Slot(name, part.Require("row")?.Text ?? "", part, above) is not { } slot)
            return null;
        if (part["where"] is { } where)
            slot = slot with { Where = Parse(where, where.Text) };
        if (part["say"] is { } say)
            slot = slot with { Say = say.Text };
        if (part["pick"] is not { } pick)
            return slot;
        var text = pick.Text;
        var smallest = text.StartsWith("min(", StringComparison.Ordinal);
        if ((!smallest && !text.StartsWith("max(", StringComparison.Ordinal)) || !text.EndsWith(')'))
        {
            pick.Fail("pick is min(expression) or max(expression)");
            return null;
        }

        if (part["say"] is null)
            part.Fail("a slot with \"pick\" needs \"say\": the choice in the human's words");
        return Parse(pick, text[4..^1]) is { } by ? slot with { Pick = (smallest, by), Say = part.TextOf("say") } : null;
    }

    private SlotSpec? Slot(string name, string row, YamlPart part, List<SlotSpec> above)
    {
        var words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ([_] or [_, "of", _]))
        {
            part.Fail($"\"{row}\" is neither an entity nor \"entity of slot\"");
            return null;
        }

        if (!domain.Entities.TryGetValue(words[0], out var entity))
        {
            part.Fail($"domain.yaml has no entity {words[0]}");
            return null;
        }

        var of = words.Length == 3 ? words[2] : null;
        if (of is not null && above.All(s => s.Name != of))
            part.Fail($"\"of {of}\" names no slot above");
        return new()
        {
            Name = name,
            Entity = entity,
            Of = of,
        };
    }

    private GoalSpec? Goal(YamlPart part, List<SlotSpec> slots)
    {
        part.Only("do", "with", "else", "say", "quote", "if", "then", "tell", "at", "type");
        if (part["do"] is { } @do)
            return Do(part, @do, slots);
        if (part["if"] is { } condition)
        {
            var then = Branch(part, "then", slots);
            var @else = Branch(part, "else", slots);
            if (part["say"] is null)
                part.Fail("an \"if\" needs \"say\": the condition in the human's words");
            return Parse(condition, condition.Text) is { } test && then is not null && @else is not null
                ? new IfGoal(test, part.TextOf("say"), then, @else, part.Line)
                : null;
        }

        if (part["tell"] is { } tell)
        {
            if (part["say"] is null)
                part.Fail("a \"tell\" needs \"say\": what the human wants to know, in words");
            if (Parse(tell, tell.Text) is not { } answer)
                return null;
            var types = slots.Where(s => s.Entity is not null).ToDictionary(s => s.Name, s => s.Entity!, StringComparer.Ordinal);
            return new TellGoal(
                answer,
                part.TextOf("type", answer.TypeIn(domain, types)),
                part.TextOf("say"),
                part.TextOf("at") == "end",
                part.Line
            );
        }

        part.Fail("a goal is \"do\", \"if\" or \"tell\"");
        return null;
    }

    private GoalSpec? Branch(YamlPart part, string name, List<SlotSpec> slots)
    {
        if (part.Require(name) is not { } branch)
            return null;
        var goals = branch.IsList ? branch.Items.ToArray() : [branch];
        if (goals.Length == 1)
            return Goal(goals[0], slots);
        branch.Fail($"\"{name}\" holds exactly one goal");
        return null;
    }

    private DoGoal? Do(YamlPart part, YamlPart @do, List<SlotSpec> slots)
    {
        if (tools.Find(@do.Text) is not { } tool)
        {
            @do.Fail($"Tools.cs has no tool {@do.Text}");
            return null;
        }

        if (!tool.Writes)
            @do.Fail($"{tool.Name} does not write; ask with \"tell\" for what it reads");
        var with = new List<(ToolParameter Parameter, ArgumentSpec Value)>();
        foreach (var (name, value) in part["with"]?.Entries ?? [])
        {
            if (tool.Parameter(name) is not { } parameter)
                value.Fail($"{tool.Name} has no argument {name}");
            else if (Argument(value, parameter.Schema, name) is { } argument)
                with.Add((parameter, argument));
        }

        foreach (var missing in tool.Parameters.Where(p => !p.Optional && with.All(w => w.Parameter != p)))
            part.Fail($"the argument {missing.Name} of {tool.Name} is not given");
        var fallback = part["else"] is null ? null : Branch(part, "else", slots);
        var quotes = new List<(string, Formula)>();
        foreach (var (label, amount) in part["quote"]?.Entries ?? [])
        {
            if (Parse(amount, amount.Text) is { } formula)
                quotes.Add((label, formula));
        }

        return new(tool, with, fallback, part["say"]?.Text, part.Line) { Quotes = quotes };
    }

    private ArgumentSpec? Argument(YamlPart value, Json schema, string name)
    {
        if (value.IsList)
        {
            var items = value.Items.Select(i => Argument(i, schema["items"], name)).OfType<ArgumentSpec>().ToArray();
            return new ListOf(items);
        }

        if (value.IsMap)
            return Record(value, schema, name);

        var text = value.Text;
        if (text == "any")
            return new AnyValue();
        if (schema["enum"].Items.Contains(text))
            return new ValueOf(new Constant(text));
        return Parse(value, text) is { } expression ? new ValueOf(expression) : null;
    }

    private RecordOf Record(YamlPart value, Json schema, string name)
    {
        var parts = new List<(string, ArgumentSpec)>();
        foreach (var (key, part) in value.Entries)
        {
            if (schema["properties"][key] is not JsonMap property)
                part.Fail($"{name} has no property {key}");
            else if (part.IsScalar && part.Text == "any")
                part.Fail($"\"any\" stands for a whole argument, not for the property {key} of {name}");
            else if (Argument(part, property, $"{name}.{key}") is { } argument)
                parts.Add((key, argument));
        }

        foreach (var missing in schema["required"].Items.Where(r => value[r.Text!] is null))
            value.Fail($"the property {missing.Text} of {name} is not given");
        return new(parts);
    }

    private Formula? Parse(YamlPart part, string text)
    {
        try
        {
            return FormulaParser.Parse(text, tools.Functions);
        }
        catch (FormatException e)
        {
            part.Fail(e.Message);
            return null;
        }
    }
}
