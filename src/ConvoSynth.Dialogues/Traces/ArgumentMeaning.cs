using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Dialogues.Traces;

/// <summary>The meaning of an argument, resolved once per pack.</summary>
/// <param name="Parameter">The tool's parameter.</param>
/// <param name="Field">The field whose value it holds; null for a free value.</param>
/// <param name="Names">The entity of the row that it names, if it holds a key or a reference.</param>
public sealed record ArgumentMeaning(ToolParameter Parameter, FieldSpec? Field, EntitySpec? Names)
{
    /// <summary>The field type that parses and spells the value; for a free value, the type closest to its JSON kind.</summary>
    public string TypeOf(Json value) =>
        Field?.Type
        ?? value.Kind switch
        {
            JsonKind.Number => "count",
            JsonKind.Boolean => "flag",
            _ => "text",
        };

    /// <summary>Whether the value identifies something and so needs a source.</summary>
    public bool IsId => Field is { Type: "id" or "ref" };

    /// <summary>The meanings of a record's parts, by name; parts without a field are left out.</summary>
    public FrozenDictionary<string, ArgumentMeaning> Parts { get; init; } = FrozenDictionary<string, ArgumentMeaning>.Empty;

    /// <summary>The meaning of a path below the parameter: <c>flights[0].flight_number</c>.</summary>
    public ArgumentMeaning At(string path)
    {
        var dot = path.LastIndexOf('.');
        if (Parts.Count == 0 || dot < 0)
            return this;
        var end = path.IndexOf('[', dot);
        return Parts.GetValueOrDefault(end < 0 ? path[(dot + 1)..] : path[(dot + 1)..end]) ?? this;
    }
}

/// <summary>The meaning of a pack's arguments, with names resolved to objects.</summary>
public sealed class PackMeaning
{
    private static readonly ConditionalWeakTable<Pack, PackMeaning> Made = [];

    private readonly ConcurrentDictionary<FieldSpec, string[]> _choices = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ToolSpec, ArgumentMeaning[]> _arguments = new(ReferenceEqualityComparer.Instance);

    private PackMeaning(Pack pack)
    {
        foreach (var tool in pack.Tools.All)
            _arguments[tool] = [.. tool.Parameters.Select(p => Meaning(pack.Domain, p))];
        RevealsOwned = pack
            .Tools.All.Where(t => t.Reveals.Any(r => Entity(pack.Domain, r) is { } e && pack.Rows.IsOwned(e)))
            .Select(t => t.Name)
            .ToFrozenSet(StringComparer.Ordinal);
        Identifies = pack.Domain.Identity.Select(i => i.Tool).ToFrozenSet(StringComparer.Ordinal);
        OwnedRoots = [.. pack.Domain.EntityOrder.Select(pack.Domain.Entity).Where(e => e.Parent is null && pack.Rows.IsOwned(e))];
    }

    /// <summary>Tools whose result shows rows, or fields of rows, with an owner.</summary>
    public FrozenSet<string> RevealsOwned { get; }

    /// <summary>Tools that identify the human.</summary>
    public FrozenSet<string> Identifies { get; }

    /// <summary>Entities with a table of their own whose rows have owners.</summary>
    public IReadOnlyList<EntitySpec> OwnedRoots { get; }

    public static PackMeaning Of(Pack pack) => Made.GetValue(pack, static p => new(p));

    public ReadOnlySpan<ArgumentMeaning> Arguments(ToolSpec tool) => _arguments[tool];

    /// <summary>
    /// The owners of the rows that a call names by a key or a reference among its arguments, in the given state. Nested rows are left
    /// out, since their keys are unique only within the row that holds them.
    /// </summary>
    public IReadOnlyList<string> Owners(Pack pack, Db db, ToolSpec tool, JsonMap arguments)
    {
        List<string>? owners = null;
        foreach (var argument in Arguments(tool))
        {
            if (argument.Names is not { Parent: null } entity || !pack.Rows.IsOwned(entity))
                continue;
            if (!arguments.TryGet(argument.Parameter.Name, out var value))
                continue;
            if (value is JsonList list)
            {
                foreach (var item in list.Span)
                    Add(item, entity, ref owners);
            }
            else
            {
                Add(value, entity, ref owners);
            }
        }

        return (IReadOnlyList<string>?)owners ?? [];

        void Add(Json key, EntitySpec entity, ref List<string>? found)
        {
            if (
                key is not (JsonText or JsonNumber)
                || pack.Rows.Find(db, entity, key) is not { } row
                || pack.Rows.Owner(db, row) is not { } owner
            )
                return;
            if (found?.Contains(owner.Row.Key) != true)
                (found ??= []).Add(owner.Row.Key);
        }
    }

    /// <summary>
    /// The values that a text field has in the whole database, if they are a choice of a few, such as card brands. Empty if there are
    /// more than <paramref name="most"/>.
    /// </summary>
    public IReadOnlyList<string> Choices(Pack pack, EntitySpec entity, FieldSpec field, int most) =>
        _choices.GetOrAdd(
            field,
            static (f, at) =>
            {
                var values = new SortedSet<string>(StringComparer.Ordinal);
                foreach (var row in at.pack.Rows.All(at.pack.BaseView, at.entity))
                {
                    if (row[f.Path] is JsonText { Value.Length: > 2 } text)
                        values.Add(text.Value);
                    if (values.Count > at.most)
                        return [];
                }

                return [.. values];
            },
            (pack, entity, most)
        );

    private static ArgumentMeaning Meaning(DomainSpec domain, ToolParameter parameter)
    {
        var parts = parameter
            .Parts.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => (Name: p.Key, Meaning: Held(domain, parameter, p.Value)))
            .Where(p => p.Meaning.Field is not null)
            .ToFrozenDictionary(p => p.Name, p => p.Meaning, StringComparer.Ordinal);
        return Held(domain, parameter, parameter.Is) with { Parts = parts };
    }

    private static ArgumentMeaning Held(DomainSpec domain, ToolParameter parameter, string? path)
    {
        if (path is null || domain.Find(path) is not { } named)
            return new(parameter, null, null);
        return new(parameter, named.Field, domain.EntityOfKey(path));
    }

    private static EntitySpec? Entity(DomainSpec domain, string revealed)
    {
        var dot = revealed.IndexOf('.', StringComparison.Ordinal);
        return domain.Entities.GetValueOrDefault(dot < 0 ? revealed : revealed[..dot]);
    }
}
