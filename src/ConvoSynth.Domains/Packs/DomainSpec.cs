using System.Collections.Frozen;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>What a human knows of a field of their own rows.</summary>
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

    /// <summary>What people call it; by default its name with blanks.</summary>
    public required string Label { get; init; }

    /// <summary>What an agent asks for to learn it, completing "Could you tell me …?".</summary>
    public string? Ask { get; init; }

    /// <summary>How a human tells it alone, with <c>{}</c> for the value.</summary>
    public string? Answer { get; init; }

    /// <summary><c>id</c> or <c>now</c>: made when the row was made, and renamed before two states are compared.</summary>
    public string? Generated { get; init; }

    /// <summary>Free text that need only be there, not be equal.</summary>
    public bool NonEmptyIsEqual { get; init; }

    /// <summary>A list whose order does not matter.</summary>
    public bool Unordered { get; init; }

    /// <summary>For type <c>enum</c>: its values.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least and the greatest number that it may hold; null where any will do.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>A regular expression that the whole of a text must match; null where any text will do.</summary>
    public string? Format { get; init; }

    /// <summary>For type <c>ref</c>: whether it may lead to a row of another owner than the row's own.</summary>
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

    /// <summary>The field that identifies a row (a nested one: within its parent).</summary>
    public required string Key { get; init; }

    /// <summary>The field that holds the owner's key; null where the parent owns it, or where nobody does.</summary>
    public string? Owner { get; init; }

    /// <summary>What people call one: "order".</summary>
    public required string Label { get; init; }

    /// <summary>Fields by which people refer to a row, most natural first.</summary>
    public IReadOnlyList<string> ToldBy { get; init; } = [];

    /// <summary>What an agent asks for to learn which row is meant, completing "Could you tell me …?".</summary>
    public string? Ask { get; init; }

    /// <summary>How a human tells which row, with <c>{}</c> for its description: <c>please use {}</c>.</summary>
    public string? Answer { get; init; }

    /// <summary>
    /// Field → how a row is referred to by it, with <c>{}</c> for the value: <c>the order with the {}</c>. <c>field=value</c> → the same for that value.
    /// </summary>
    public FrozenDictionary<string, string> Say { get; init; } = FrozenDictionary<string, string>.Empty;

    public required FrozenDictionary<string, FieldSpec> Fields { get; init; }

    public int Line { get; init; }

    public FieldSpec? Field(string path) => Fields.GetValueOrDefault(path);
}

/// <summary>One way to prove identity: a read whose arguments the human gives.</summary>
public sealed record IdentityProof(string Tool, IReadOnlyList<string> Proves);

/// <summary>
/// Words for a tool. Templates hold slots in braces: <c>{verb}</c>, an argument (<c>{reason}</c>), a counted argument with its unit
/// (<c>{weeks|week}</c> → "2 weeks"), a row as people refer to it (<c>{loan}</c>), or a field of a row (<c>{loan.due}</c>).
/// </summary>
public sealed record ActSpec
{
    public required string Tool { get; init; }

    /// <summary>Verbs people use: "renew", "extend".</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];

    /// <summary>Other verbs for it that agents use, and that may be those of another act: "exchange" of a modified order.</summary>
    public IReadOnlyList<string> KnownAs { get; init; } = [];

    /// <summary>What the verb is done to: a field.</summary>
    public string? Object { get; init; }

    /// <summary>Slots that a report of the act tells, and that are confirmed before it.</summary>
    public IReadOnlyList<string> Tell { get; init; } = [];

    /// <summary>What a human says who wants it: "{verb} {loan.title} for {weeks} weeks".</summary>
    public IReadOnlyList<string> Ask { get; init; } = [];

    /// <summary>What an agent says that it can do, completing "I can …"; by default the templates of <see cref="Ask"/> that begin with <c>{verb}</c>.</summary>
    public IReadOnlyList<string> Offer { get; init; } = [];

    /// <summary>The wish without any fact: "sign up for an event"; by default a verb and the object's label.</summary>
    public IReadOnlyList<string> Brief { get; init; } = [];

    /// <summary>Argument → what an agent asks for to learn it, completing "Could you tell me …?".</summary>
    public FrozenDictionary<string, string> Asks { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Argument → how a human tells it alone, with <c>{}</c> for the value.</summary>
    public FrozenDictionary<string, string> Answers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>For arguments that are records or lists of them: how one is said, with <c>{property}</c>.</summary>
    public FrozenDictionary<string, string> Items { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the agent says once it is done.</summary>
    public IReadOnlyList<string> Done { get; init; } = [];

    public int Line { get; init; }
}

/// <summary>All of <c>domain.yaml</c>.</summary>
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

    /// <summary>The entity that humans are.</summary>
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

    /// <summary>The field that <c>entity.field</c> names; null where there is none.</summary>
    public (EntitySpec Entity, FieldSpec Field)? Find(string reference) => _fields.TryGetValue(reference, out var found) ? found : null;
}

/// <summary>The closed set of field types. Each has one parser and one speller: see <see cref="FieldValues"/>.</summary>
public static class FieldTypes
{
    public static readonly IReadOnlyList<string> All = ["id", "ref", "name", "text", "date", "money", "decimal", "count", "flag", "enum"];
}
