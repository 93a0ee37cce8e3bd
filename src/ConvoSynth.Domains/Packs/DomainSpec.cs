using System.Collections.Frozen;

namespace ConvoSynth.Domains.Packs;

/// <summary>Whether humans know a field of their own rows.</summary>
public enum Knowledge
{
    No,
    MayKnow,
    Knows,
}

/// <summary>A field of an entity. <see cref="Path"/> is dotted within the row.</summary>
public sealed record FieldSpec
{
    public required string Path { get; init; }

    /// <summary>One of <see cref="FieldTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>For type <c>ref</c>: the entity whose key it holds.</summary>
    public string? Ref { get; init; }

    public Knowledge Human { get; init; }

    /// <summary>What people call the field; by default its name with blanks.</summary>
    public required string Label { get; init; }

    /// <summary>What an agent asks for to learn the value, completing "Could you tell me …?".</summary>
    public string? Ask { get; init; }

    /// <summary>How a human states the value by itself, with <c>{}</c> for the value.</summary>
    public string? Answer { get; init; }

    /// <summary><c>id</c> or <c>now</c>: generated with the row, and renamed before two states are compared.</summary>
    public string? Generated { get; init; }

    /// <summary>Whether any two non-empty texts count as equal.</summary>
    public bool NonEmptyIsEqual { get; init; }

    /// <summary>Whether the order of the list is irrelevant.</summary>
    public bool Unordered { get; init; }

    /// <summary>For type <c>enum</c>: its values.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least and the greatest number allowed; null for no limit.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>A regular expression that must match the whole text; null for any text.</summary>
    public string? Format { get; init; }

    /// <summary>For type <c>ref</c>: whether it may refer to a row of another owner.</summary>
    public bool AnyOwner { get; init; }

    public int Line { get; init; }
}

/// <summary>An entity: the rows of a table, or the items of a list or map inside the rows of another entity.</summary>
public sealed record EntitySpec
{
    public required string Name { get; init; }

    public required string Table { get; init; }

    /// <summary>For a nested entity: the parent's name and the path of the list or map within its row.</summary>
    public string? Parent { get; init; }

    public string? Path { get; init; }

    /// <summary>The field that identifies a row; a nested row within its parent.</summary>
    public required string Key { get; init; }

    /// <summary>The field that holds the owner's key; null if the rows belong to their parent's owner or have none.</summary>
    public string? Owner { get; init; }

    /// <summary>What people call a row: "order".</summary>
    public required string Label { get; init; }

    /// <summary>Fields by which people refer to a row, most natural first.</summary>
    public IReadOnlyList<string> ToldBy { get; init; } = [];

    /// <summary>What an agent asks for to learn which row is meant, completing "Could you tell me …?".</summary>
    public string? Ask { get; init; }

    /// <summary>How a human says which row is meant, with <c>{}</c> for its description: <c>please use {}</c>.</summary>
    public string? Answer { get; init; }

    /// <summary>
    /// Field → how people refer to a row by it, with <c>{}</c> for the value: <c>the order with the {}</c>. <c>field=value</c> → the
    /// same for that value.
    /// </summary>
    public FrozenDictionary<string, string> Say { get; init; } = FrozenDictionary<string, string>.Empty;

    public required FrozenDictionary<string, FieldSpec> Fields { get; init; }

    public int Line { get; init; }

    public FieldSpec? Field(string path) => Fields.GetValueOrDefault(path);
}

/// <summary>A way to prove identity: a read whose arguments the human gives.</summary>
public sealed record IdentityProof(string Tool, IReadOnlyList<string> Proves);

/// <summary>
/// Words for a tool. Templates hold placeholders in braces: <c>{verb}</c>, an argument (<c>{reason}</c>), a counted argument with its
/// unit (<c>{weeks|week}</c> → "2 weeks"), a row as people refer to it (<c>{loan}</c>), or a field of a row (<c>{loan.due}</c>).
/// </summary>
public sealed record ActSpec
{
    public required string Tool { get; init; }

    /// <summary>Verbs people use: "renew", "extend".</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];

    /// <summary>
    /// Other verbs that agents use for it, and that may belong to another act too: "exchange" for modifying an order.
    /// </summary>
    public IReadOnlyList<string> KnownAs { get; init; } = [];

    /// <summary>The field that the verb acts on.</summary>
    public string? Object { get; init; }

    /// <summary>Placeholders whose values the agent has confirmed before the act and reports after it.</summary>
    public IReadOnlyList<string> Tell { get; init; } = [];

    /// <summary>What a human says who asks for it: "{verb} {loan.title} for {weeks} weeks".</summary>
    public IReadOnlyList<string> Ask { get; init; } = [];

    /// <summary>
    /// What an agent says that it can do, completing "I can …"; by default the templates of <see cref="Ask"/> that begin with
    /// <c>{verb}</c>.
    /// </summary>
    public IReadOnlyList<string> Offer { get; init; } = [];

    /// <summary>The request without any fact: "sign up for an event"; by default a verb and the object's label.</summary>
    public IReadOnlyList<string> Brief { get; init; } = [];

    /// <summary>Argument → what an agent asks for to learn it, completing "Could you tell me …?".</summary>
    public FrozenDictionary<string, string> Asks { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Argument → how a human states it by itself, with <c>{}</c> for the value.</summary>
    public FrozenDictionary<string, string> Answers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>For arguments that are records or lists of records: how one record is said, with <c>{property}</c>.</summary>
    public FrozenDictionary<string, string> Items { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>How the agent reports the act.</summary>
    public IReadOnlyList<string> Done { get; init; } = [];

    public int Line { get; init; }
}

/// <summary>The content of <c>domain.yaml</c>.</summary>
public sealed record DomainSpec
{
    private readonly FrozenDictionary<string, (EntitySpec Entity, FieldSpec Field)> _fields = FrozenDictionary<
        string,
        (EntitySpec Entity, FieldSpec Field)
    >.Empty;

    public required string Name { get; init; }

    /// <summary>Where the agent works, in words: "a public library".</summary>
    public required string Title { get; init; }

    public required DateTimeOffset Clock { get; init; }

    /// <summary>The entity whose rows are the humans.</summary>
    public required string Who { get; init; }

    public required IReadOnlyList<IdentityProof> Identity { get; init; }

    public required FrozenDictionary<string, EntitySpec> Entities
    {
        get;
        init
        {
            field = value;
            _fields = value
                .SelectMany(e => e.Value.Fields.Select(f => KeyValuePair.Create($"{e.Key}.{f.Key}", (e.Value, f.Value))))
                .ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

    /// <summary>Entity names in the order of the file.</summary>
    public required IReadOnlyList<string> EntityOrder { get; init; }

    public required FrozenDictionary<string, ActSpec> Acts { get; init; }

    /// <summary>Clause → short reasons for a refusal, as the agent says them: "another reader has reserved it".</summary>
    public FrozenDictionary<string, IReadOnlyList<string>> Because { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    public IReadOnlyList<string> BenchmarkAdjacent { get; init; } = [];

    public EntitySpec Entity(string name) =>
        Entities.TryGetValue(name, out var entity)
            ? entity
            : throw new InvalidOperationException($"the domain {Name} has no entity {name}");

    /// <summary>The entity whose key <c>entity.field</c> holds, as its own key or as a reference; null for any other field.</summary>
    public EntitySpec? EntityOfKey(string? reference)
    {
        if (reference is null || Find(reference) is not { } named)
            return null;
        return named.Field.Ref is { } target ? Entity(target)
            : named.Field.Path == named.Entity.Key ? named.Entity
            : null;
    }

    /// <summary>The field that <c>entity.field</c> names; null if there is none.</summary>
    public (EntitySpec Entity, FieldSpec Field)? Find(string reference) => _fields.TryGetValue(reference, out var found) ? found : null;
}

/// <summary>The closed set of field types. Each has one parser and one formatter: see <see cref="FieldValues"/>.</summary>
public static class FieldTypes
{
    public static readonly IReadOnlyList<string> All = ["id", "ref", "name", "text", "date", "money", "decimal", "count", "flag", "enum"];
}
