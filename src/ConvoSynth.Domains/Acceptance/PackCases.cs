using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>A test case of a pack: a call on patched data, and its required outcome.</summary>
internal sealed record PackCase(YamlPart At, ImmutableArray<Change> Given, ToolSpec Call, JsonMap With)
{
    /// <summary>The clauses whose guards must be broken, exactly these; null if the case does not say.</summary>
    public IReadOnlyList<string>? Breaks { get; init; }

    /// <summary>Required fields of the observation (dotted paths; numbers index lists), or the whole observation.</summary>
    public Json? Gives { get; init; }

    /// <summary>A text that the error must contain.</summary>
    public string? Error { get; init; }

    /// <summary>Changes that the call must make.</summary>
    public IReadOnlyList<(string[] Path, Json? After)> Changes { get; init; } = [];
}

/// <summary>Reads cases.yaml.</summary>
internal static class PackCases
{
    public static IReadOnlyList<PackCase> Read(YamlPart root, Pack pack)
    {
        if (!root.Items.Any())
            root.Fail("a list of cases is wanted");
        return [.. root.Items.Select(i => Case(i, pack)).OfType<PackCase>()];
    }

    private static PackCase? Case(YamlPart part, Pack pack)
    {
        part.Only("given", "call", "with", "breaks", "gives", "error", "changes");
        var name = part.Require("call")?.Text ?? "";
        if (pack.Tools.Find(name) is not { } tool)
        {
            part.Fail($"there is no tool {name}");
            return null;
        }

        if (part["breaks"] is null && part["gives"] is null && part["error"] is null && part["changes"] is null)
            part.Fail("the case expects nothing; say what it breaks, gives, changes, or which error it is");
        foreach (var clause in part.TextsOf("breaks").Where(c => tool.Guards.All(g => g.Clause != c)))
            part.Fail($"no guard of {name} stands for clause {clause}");
        return new(part, Given(part["given"], pack), tool, part["with"]?.Json as JsonMap ?? JsonMap.Empty)
        {
            Breaks = part["breaks"]?.Texts,
            Gives = part["gives"]?.Json,
            Error = part["error"]?.Text,
            Changes = [.. (part["changes"]?.Items ?? []).Select(Change)],
        };
    }

    private static (string[] Path, Json? After) Change(YamlPart part)
    {
        part.Only("path", "after");
        return ([.. part.Require("path")?.Texts ?? []], part["after"]?.Json);
    }

    /// <summary>The changes to the base that a <c>given</c> asks for: table → row key → field → value.</summary>
    public static ImmutableArray<Change> Given(YamlPart? given, Pack pack)
    {
        var changes = ImmutableArray.CreateBuilder<Change>();
        foreach (var (table, rows) in given?.Entries ?? [])
        {
            var entity = pack.Domain.EntityOrder.Select(pack.Domain.Entity).FirstOrDefault(e => e.Parent is null && e.Table == table);
            if (entity is null)
            {
                rows.Fail($"domain.yaml has no table {table}");
                continue;
            }

            foreach (var (key, row) in rows.Entries)
                Row(pack, entity, key, row, changes);
        }

        return changes.ToImmutable();
    }

    // An existing row is changed field by field. A new row must be complete: with a field missing, the case would test data that cannot
    // occur.
    private static void Row(Pack pack, EntitySpec entity, string key, YamlPart row, ImmutableArray<Change>.Builder changes)
    {
        if (row.Json is not JsonMap values)
        {
            row.Fail($"{entity.Table}/{key} wants fields");
            return;
        }

        foreach (
            var field in values.Keys.Where(f =>
                entity.Field(f) is null
                && !entity.Fields.Keys.Any(k =>
                    k.StartsWith(f + ".", StringComparison.Ordinal) || k.StartsWith(f + "[", StringComparison.Ordinal)
                )
                && !pack.Domain.Entities.Values.Any(e => e.Parent == entity.Name && e.Path == f)
            )
        )
            row.Fail($"{entity.Name} has no field {field}");
        if (pack.Base[entity.Table].Find(key) is not null)
        {
            foreach (var field in values.Keys)
                changes.Add(new() { Path = [entity.Table, key, .. field.Split('.')], After = values[field] });
            return;
        }

        var whole = JsonMap.Empty;
        foreach (var field in values.Keys)
            whole = whole.WithPath(field.Split('.'), values[field]);
        foreach (var path in entity.Fields.Keys.Order(StringComparer.Ordinal))
        {
            // A field that some base row lacks (a later write may add it) is not required of a new row.
            if (!pack.Base[entity.Table].Rows.All(r => FieldIsThere(r.Values, path.Split("[]")[0])))
                continue;
            if (!FieldIsThere(whole, path.Split("[]")[0]))
                row.Fail($"the new row {entity.Table}/{key} lacks the field {path}; a row that is not in the data must be given whole");
        }

        changes.Add(new() { Path = [entity.Table, key], After = whole });
    }

    private static bool FieldIsThere(JsonMap row, string path)
    {
        var dot = path.LastIndexOf('.');
        return (dot < 0 ? row : FieldPath.Read(row, path[..dot])) is JsonMap holder && holder.Contains(path[(dot + 1)..]);
    }
}
