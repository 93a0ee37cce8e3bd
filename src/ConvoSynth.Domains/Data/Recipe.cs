using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>How one value is made. A late one is made when all tables are there, since it sums up rows that refer to its own.</summary>
internal sealed record Recipe(Draw Draw, bool IsLate)
{
    public static Recipe Fixed(Json value) => new(_ => value, IsLate: false);

    public static Recipe Now(Draw draw) => new(draw, IsLate: false);
}

/// <summary>A field and how it is made.</summary>
internal sealed record FieldRecipe(string Path, Recipe Recipe, YamlPart At);

/// <summary>How the rows of a table, or of a list within a row, are made.</summary>
internal sealed record TableRecipe
{
    public required string Name { get; init; }

    public EntitySpec? Entity { get; init; }

    /// <summary>How many rows; for each row of <see cref="Per"/> where there is one.</summary>
    public required Recipe Count { get; init; }

    /// <summary>The table for each of whose rows this table's rows are made; its key is filled in.</summary>
    public string? Per { get; init; }

    /// <summary>Entries of a list file of the pack, one a row, in order.</summary>
    public IReadOnlyList<JsonMap>? From { get; init; }

    /// <summary>Sets of fields that no two rows of one parent (or of the table, where there is none) have alike.</summary>
    public IReadOnlyList<string[]> Distinct { get; init; } = [];

    /// <summary>For rows within a row: the field that becomes the key of a map; null for a list.</summary>
    public string? KeyedBy { get; init; }

    public required IReadOnlyList<FieldRecipe> Fields { get; init; }

    public required YamlPart At { get; init; }
}
