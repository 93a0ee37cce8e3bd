using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ConvoSynth.Domains;

/// <summary>Reads <c>domain.yaml</c>.</summary>
internal static class DomainReading
{
    public static DomainSpec? Read(YamlPart root)
    {
        root.Only("domain", "title", "clock", "identity", "entities", "acts", "because", "benchmark_adjacent");
        var entities = new Dictionary<string, EntitySpec>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var (name, part) in root.Require("entities")?.Entries ?? [])
        {
            if (Entity(name, part, entities) is not { } entity)
                continue;
            entities[name] = entity;
            order.Add(name);
        }

        foreach (var (name, part) in root["entities"]?.Entries ?? [])
        {
            foreach (var field in entities.GetValueOrDefault(name)?.Fields.Values ?? [])
            {
                if (field.Ref is { } target && !entities.ContainsKey(target))
                    part.Fail($"{name}.{field.Path} refers to the unknown entity {target}");
            }
        }

        var identity = root.Require("identity");
        var who = identity?.TextOf("who") ?? "";
        if (identity is not null && !entities.ContainsKey(who))
            identity.Fail($"identity.who is the unknown entity \"{who}\"");
        var clock = root.Require("clock");
        if (!DateTimeOffset.TryParse(clock?.Text ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now))
            clock?.Fail($"the clock \"{clock.Text}\" is no time such as 2031-03-04T10:00:00Z");
        return new()
        {
            Name = root.Require("domain")?.Text ?? "",
            Title = root.TextOf("title", root.TextOf("domain")),
            Clock = now,
            Who = who,
            Identity = identity is null ? [] : Identity(identity, entities),
            Entities = entities.ToFrozenDictionary(StringComparer.Ordinal),
            EntityOrder = order,
            Acts = (root["acts"]?.Entries ?? []).Select(a => Act(a.Key, a.Part)).ToFrozenDictionary(a => a.Tool, StringComparer.Ordinal),
            Because = (root["because"]?.Entries ?? []).ToFrozenDictionary(b => b.Key, b => b.Part.Texts, StringComparer.Ordinal),
            BenchmarkAdjacent = root.TextsOf("benchmark_adjacent"),
        };
    }

    private static List<IdentityProof> Identity(YamlPart part, Dictionary<string, EntitySpec> entities)
    {
        part.Only("who", "tool", "proves", "by");
        var proofs = new List<IdentityProof>();
        foreach (var way in part["by"]?.Items ?? [part])
        {
            var proves = way.TextsOf("proves");
            proofs.Add(new(way.Require("tool")?.Text ?? "", proves));
            var who = part.TextOf("who");
            foreach (var field in proves)
            {
                if (entities.TryGetValue(who, out var entity) && entity.Field(field) is null)
                    way.Fail($"{who} has no field {field}");
            }
        }

        return proofs;
    }

    private static EntitySpec? Entity(string name, YamlPart part, Dictionary<string, EntitySpec> known)
    {
        part.Only("table", "in", "key", "owner", "label", "told_by", "say", "ask", "answer", "fields");
        string? parent = null;
        string? path = null;
        var table = part.TextOf("table");
        if (part["in"] is { } within)
        {
            var dot = within.Text.IndexOf('.', StringComparison.Ordinal);
            parent = dot > 0 ? within.Text[..dot] : within.Text;
            path = dot > 0 ? within.Text[(dot + 1)..] : "";
            if (!known.TryGetValue(parent, out var holder))
            {
                within.Fail($"\"in\" names {parent}, which no entity above is; write entity.field");
                return null;
            }

            table = holder.Table;
        }
        else if (table.Length == 0)
        {
            part.Fail($"the entity {name} needs \"table\" or \"in\"");
        }

        var key = part.Require("key")?.Text ?? "";
        var fields = (part.Require("fields")?.Entries ?? [])
            .Select(f => Field(f.Key, f.Part))
            .ToFrozenDictionary(f => f.Path, StringComparer.Ordinal);
        if (!fields.ContainsKey(key))
            part.Fail($"the key {key} of {name} is not among its fields");
        foreach (var told in part.TextsOf("told_by"))
        {
            if (!fields.ContainsKey(told))
                part.Fail($"told_by names {told}, which is not among the fields of {name}");
        }

        var owner = part["owner"]?.Text;
        if (owner is not null && !fields.ContainsKey(owner))
            part.Fail($"the owner field {owner} is not among the fields of {name}");
        return new()
        {
            Name = name,
            Table = table,
            Parent = parent,
            Path = path,
            Key = key,
            Owner = owner,
            Label = part.TextOf("label", name.Replace('_', ' ')),
            ToldBy = part.TextsOf("told_by"),
            Ask = part["ask"]?.Text,
            Answer = part["answer"]?.Text,
            Say = (part["say"]?.Entries ?? []).ToFrozenDictionary(s => s.Key, s => s.Part.Text, StringComparer.Ordinal),
            Fields = fields,
            Line = part.Line,
        };
    }

    private static FieldSpec Field(string path, YamlPart part)
    {
        var label = path[(path.LastIndexOf('.') + 1)..].Replace('_', ' ').Replace("[]", "");
        if (part.IsScalar)
            return Checked(
                new()
                {
                    Path = path,
                    Type = part.Text,
                    Label = label,
                    Line = part.Line,
                },
                part
            );
        part.Only(
            "type",
            "ref",
            "human",
            "label",
            "ask",
            "answer",
            "generated",
            "compare",
            "unordered",
            "values",
            "range",
            "format",
            "any_owner"
        );
        var human = part.TextOf("human") switch
        {
            "knows" => Knowledge.Knows,
            "may_know" => Knowledge.MayKnow,
            "" => Knowledge.No,
            _ => Unknown(part, "human", "knows or may_know"),
        };
        if (part["compare"] is { } compare && compare.Text != "nonempty")
            compare.Fail("compare is nonempty");
        if (part["generated"] is { } generated && generated.Text is not ("id" or "now"))
            generated.Fail("generated is id or now");
        return Checked(
            new()
            {
                Path = path,
                Type = part["ref"] is null ? part.TextOf("type", "text") : "ref",
                Ref = part["ref"]?.Text,
                Human = human,
                Label = part.TextOf("label", label),
                Ask = part["ask"]?.Text,
                Answer = part["answer"]?.Text,
                Generated = part["generated"]?.Text,
                NonEmptyIsEqual = part["compare"] is not null,
                Unordered = part.FlagOf("unordered"),
                Values = part.TextsOf("values"),
                Range = Range(part["range"]),
                Format = Format(part["format"]),
                AnyOwner = part.FlagOf("any_owner"),
                Line = part.Line,
            },
            part
        );
    }

    private static (double Low, double High)? Range(YamlPart? part)
    {
        if (part is null)
            return null;
        if (part.Text.Split("..") is [var from, var to] && Number(from) is { } low && Number(to) is { } high && low <= high)
            return (low, high);
        part.Fail($"\"range\" goes from low to high, such as 0..120, not {part.Text}");
        return null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static string? Format(YamlPart? part)
    {
        if (part is null)
            return null;
        try
        {
            _ = Regex.IsMatch("", part.Text);
        }
        catch (ArgumentException e)
        {
            part.Fail($"\"format\" is no regular expression: {e.Message}");
        }

        return part.Text;
    }

    private static Knowledge Unknown(YamlPart part, string key, string known)
    {
        part.Fail($"\"{key}\" is {known}");
        return Knowledge.No;
    }

    private static FieldSpec Checked(FieldSpec field, YamlPart part)
    {
        if (!FieldTypes.All.Contains(field.Type))
            part.Fail($"the type {field.Type} is none of {string.Join(", ", FieldTypes.All)}");
        if (field.Type == "enum" && field.Values.Count == 0)
            part.Fail($"the enum {field.Path} needs its values, such as values: [open, closed]");
        if (field.Values.GroupBy(static v => v, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            part.Fail($"the value {twice.Key} of {field.Path} is there twice");
        return field;
    }

    private static ActSpec Act(string tool, YamlPart part)
    {
        part.Only("verbs", "known_as", "object", "tell", "items", "ask", "offer", "brief", "asks", "answers", "done");
        return new()
        {
            Tool = tool,
            Line = part.Line,
            Verbs = part.TextsOf("verbs"),
            KnownAs = part.TextsOf("known_as"),
            Object = part["object"]?.Text,
            Tell = part.TextsOf("tell"),
            Ask = part.TextsOf("ask"),
            Offer = part.TextsOf("offer"),
            Brief = part.TextsOf("brief"),
            Done = part.TextsOf("done"),
            Asks = (part["asks"]?.Entries ?? []).ToFrozenDictionary(a => a.Key, a => a.Part.Text, StringComparer.Ordinal),
            Answers = (part["answers"]?.Entries ?? []).ToFrozenDictionary(a => a.Key, a => a.Part.Text, StringComparer.Ordinal),
            Items = (part["items"]?.Entries ?? []).ToFrozenDictionary(i => i.Key, i => i.Part.Text, StringComparer.Ordinal),
        };
    }
}
