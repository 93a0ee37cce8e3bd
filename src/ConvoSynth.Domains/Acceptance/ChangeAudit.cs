using System.Collections.Immutable;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>Compares what a call changed with what its tool declares in <c>Changes</c>.</summary>
public static class ChangeAudit
{
    /// <summary>The first change that the tool does not declare; null if all are declared.</summary>
    public static Change? Undeclared(DomainSpec domain, ToolSpec tool, StateDiff diff)
    {
        var declared = tool.Changes.Select(c => Pattern(domain, c)).ToArray();
        return diff.Changes.FirstOrDefault(change => !declared.Any(d => d.Table == change.Path[0] && Covers(d.Path, d.Whole, change.Path)));
    }

    private static (string Table, string[] Path, bool Whole) Pattern(DomainSpec domain, string declared)
    {
        if (domain.Entities.TryGetValue(declared, out var entity))
            return (entity.Table, Prefix(domain, entity), true);
        var (owner, field) = domain.Find(declared)!.Value;
        return (owner.Table, [.. Prefix(domain, owner), .. field.Path.Replace("[]", ".*", StringComparison.Ordinal).Split('.')], false);
    }

    private static string[] Prefix(DomainSpec domain, EntitySpec entity) =>
        entity.Parent is null ? [] : [.. Prefix(domain, domain.Entity(entity.Parent)), .. entity.Path!.Split('.'), "*"];

    // A changed list is one change at the list's path, so a declared path below it covers it. An added or removed row needs its entity
    // declared.
    private static bool Covers(string[] pattern, bool whole, ImmutableArray<string> path)
    {
        if (path.Length == 2)
            return whole && pattern.Length == 0;
        for (var i = 0; i < Math.Min(pattern.Length, path.Length - 2); i++)
        {
            if (pattern[i] != "*" && pattern[i] != path[i + 2])
                return false;
        }

        return true;
    }
}
