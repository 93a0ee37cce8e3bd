using System.Collections.Frozen;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Environments;

/// <summary>
/// A place inside the rows of a table, with the pack's field for it. If the patterns of several fields match a place, the first in the
/// pack's order counts. The tree is built once, so a walk through a value costs one look-up a step.
/// </summary>
internal sealed class FieldPlace
{
    private const string Any = "*";

    private readonly FrozenDictionary<string, FieldPlace> _named;

    private FieldPlace((ArraySegment<string> Left, FieldSpec Field)[] patterns)
    {
        Field = patterns.FirstOrDefault(p => p.Left.Count == 0).Field;
        _named = patterns
            .Where(p => p.Left.Count > 0 && p.Left[0] != Any)
            .Select(p => p.Left[0])
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(name => name, name => new FieldPlace(After(patterns, name)), StringComparer.Ordinal);
        Items = After(patterns, Any) is { Length: > 0 } items ? new(items) : null;
    }

    /// <summary>The field at this place; null if the pack has none.</summary>
    public FieldSpec? Field { get; }

    /// <summary>The place of a list's items, and of keys that no field names; null if no field lies there.</summary>
    public FieldPlace? Items { get; }

    /// <summary>The place of a map's key.</summary>
    public FieldPlace? this[string key] => _named.TryGetValue(key, out var place) ? place : Items;

    /// <summary>The fields of a domain by table, including those of nested entities.</summary>
    public static FrozenDictionary<string, FieldPlace> ByTable(DomainSpec domain) =>
        domain
            .EntityOrder.Select(domain.Entity)
            .SelectMany(e =>
                e.Fields.Values.Select(f =>
                    (e.Table, Pattern: Prefix(domain, e) + f.Path.Replace("[]", ".*", StringComparison.Ordinal), Field: f)
                )
            )
            .GroupBy(p => p.Table, p => (p.Pattern, p.Field), StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => Of(g), StringComparer.Ordinal);

    private static string Prefix(DomainSpec domain, EntitySpec entity) =>
        entity.Parent is null ? "" : $"{Prefix(domain, domain.Entity(entity.Parent))}{entity.Path}.*.";

    /// <param name="patterns">Dotted paths with their fields; <c>*</c> stands for any key or item.</param>
    public static FieldPlace Of(IEnumerable<(string Pattern, FieldSpec Field)> patterns) =>
        new([.. patterns.Select(p => (new ArraySegment<string>(p.Pattern.Split('.')), p.Field))]);

    private static (ArraySegment<string> Left, FieldSpec Field)[] After(
        (ArraySegment<string> Left, FieldSpec Field)[] patterns,
        string key
    ) => [.. patterns.Where(p => p.Left.Count > 0 && (p.Left[0] == Any || p.Left[0] == key)).Select(p => (p.Left[1..], p.Field))];
}
