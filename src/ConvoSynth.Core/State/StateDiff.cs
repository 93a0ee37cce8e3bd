using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.State;

/// <summary>
/// One difference between two states of a database. <see cref="Path"/> holds the keys from the root: table, row key, field, …
/// <see cref="Before"/> is null for an addition, <see cref="After"/> for a removal. A list that differs is one change with both lists
/// whole.
/// </summary>
public sealed record Change
{
    public required ImmutableArray<string> Path { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Json? Before { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Json? After { get; init; }

    public override string ToString() =>
        $"{string.Join('/', Path)}: {Before?.ToString() ?? "(absent)"} → {After?.ToString() ?? "(absent)"}";

    public bool Equals(Change? other) =>
        other is not null && Path.AsSpan().SequenceEqual(other.Path.AsSpan()) && Before == other.Before && After == other.After;

    public override int GetHashCode() => HashCode.Combine(Path.Length, Before, After);
}

/// <summary>The canonical list of changes from the base to the present state, ordered by path.</summary>
public sealed record StateDiff(ImmutableArray<Change> Changes)
{
    public static StateDiff Empty { get; } = new([]);

    [JsonIgnore]
    public bool IsEmpty => Changes.IsEmpty;

    public bool Equals(StateDiff? other) => other is not null && Changes.AsSpan().SequenceEqual(other.Changes.AsSpan());

    public override int GetHashCode() => Changes.Length;
}
