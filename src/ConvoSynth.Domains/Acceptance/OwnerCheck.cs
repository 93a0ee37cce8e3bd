using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Acceptance;

/// <summary>
/// Rows refer only to rows of their own owner, unless domain.yaml allows more. Otherwise an agent that serves one person would show or
/// change rows of another.
/// </summary>
internal static class OwnerCheck
{
    public static void Run(Pack pack, YamlPart? data, List<PackDiagnostic> faults)
    {
        foreach (
            var entity in pack.Domain.EntityOrder.Select(pack.Domain.Entity).Where(e => e.Name != pack.Domain.Who && pack.Rows.IsOwned(e))
        )
        {
            foreach (
                var field in entity
                    .Fields.Values.Where(f => !f.AnyOwner && f.Path != entity.Owner && !f.Path.Contains("[]", StringComparison.Ordinal))
                    .OrderBy(f => f.Path, StringComparer.Ordinal)
            )
            {
                if (
                    field.Ref is not { } reference
                    || pack.Domain.Entity(reference) is not { } target
                    || target.Name == pack.Domain.Who
                    || !pack.Rows.IsOwned(target)
                )
                    continue;
                if (pack.Rows.All(pack.BaseView, entity).FirstOrDefault(r => LeadsAway(pack, r, field, target)) is not { } row)
                    continue;
                var reason =
                    $"{row.Identity}: {field.Path} is {row[field.Path]}, a {target.Name} of another {pack.Domain.Who} than the "
                    + $"{entity.Name}'s own; write ref({target.Table}, own) in data.yaml, "
                    + $"or any_owner: true at {entity.Name}.{field.Path} in domain.yaml if that is meant";
                if ((data?[entity.Table]?[field.Path] ?? data?[entity.Table]) is { } at)
                    at.Fail(reason);
                else
                    faults.Add(new("domain.yaml", field.Line, reason));
            }
        }
    }

    private static bool LeadsAway(Pack pack, EntityRow row, FieldSpec field, EntitySpec target)
    {
        if (
            row[field.Path] is not { IsNull: false } key
            || pack.Rows.Owner(pack.BaseView, row) is not { } owner
            || pack.Rows.Find(pack.BaseView, target, key) is not { } found
        )
            return false;
        // Another owner may have a nested row with the same key, so the search covers this owner's rows only.
        return target.Parent is null
            ? pack.Rows.Owner(pack.BaseView, found) is { } other && !other.IsSame(owner)
            : !pack.Rows.OwnedBy(pack.BaseView, target, owner).Any(r => r.Key == key);
    }
}
