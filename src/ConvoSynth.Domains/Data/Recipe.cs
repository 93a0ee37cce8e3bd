using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>How one value is made. A late value is made after all tables, since it aggregates rows that refer to its own.</summary>
internal sealed record Recipe(Draw Draw, bool IsLate)
{
    public static Recipe Fixed(Json value) => new(_ => value, IsLate: false);

    public static Recipe Now(Draw draw) => new(draw, IsLate: false);
}

internal sealed record FieldRecipe(string Path, Recipe Recipe, YamlPart At);

/// <summary>How the rows of a table, or of a list nested in a row, are made.</summary>
internal sealed record TableRecipe
{
    // A world keeps all its rows in memory.
    private const int MaxRows = 1_000_000;

    public required string Name { get; init; }

    public EntitySpec? Entity { get; init; }

    /// <summary>Number of rows; per row of <see cref="Per"/> if that is set.</summary>
    public required Recipe Count { get; init; }

    /// <summary>A table for each of whose rows this table's rows are made; its key is filled in.</summary>
    public string? Per { get; init; }

    /// <summary>Entries of a list file of the pack, one for each row, in order.</summary>
    public IReadOnlyList<JsonMap>? From { get; init; }

    /// <summary>Sets of fields that must be distinct among the rows of one parent, or of the table if there is no parent.</summary>
    public IReadOnlyList<string[]> Distinct { get; init; } = [];

    /// <summary>For nested rows: the field that becomes the key of a map; null for a list.</summary>
    public string? KeyedBy { get; init; }

    public required IReadOnlyList<FieldRecipe> Fields { get; init; }

    public required YamlPart At { get; init; }

    /// <summary>Draws the number of rows for the draft.</summary>
    /// <exception cref="ToolError">The count is not a whole number from 0 to the maximum.</exception>
    public int RowsOf(RowDraft draft)
    {
        var count = Count.Draw(draft);
        return count.Number is { } number and >= 0 and <= MaxRows && Math.Floor(number).Equals(number)
            ? (int)number
            : throw new ToolError($"{Name}: the count is {count}; it must be a whole number from 0 to {MaxRows}");
    }
}
