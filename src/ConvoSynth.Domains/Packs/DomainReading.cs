using System.Collections.Frozen;
using System.Globalization;

namespace ConvoSynth.Domains.Packs;

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
            .Select(f => FieldReading.Field(f.Key, f.Part))
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
