using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>
/// A row under construction, as its recipes see it. Each field draws from its own generator, seeded by table, row, attempt and field,
/// so a new field or table changes no value of another.
/// </summary>
internal sealed class RowDraft(MadeTables made, EntitySpec? entity, Seed seed, int number, int within)
{
    private readonly List<(string Set, string Value)> _claims = [];

    /// <summary>The row for which this one is made; set if the table is made per row of another.</summary>
    public Row? Parent { get; init; }

    /// <summary>The row's number in its table, from 1.</summary>
    public int Number => number;

    /// <summary>The row's number among the rows of its parent, from 1.</summary>
    public int Within => within;

    public JsonMap Values { get; private set; } = JsonMap.Empty;

    public SeededRandom Random { get; private set; } = seed.Random();

    public IReadOnlyList<(string Set, string Value)> Claims => _claims;

    /// <summary>Draws one field. The recipe sees the fields above it.</summary>
    public void Fill(string path, Draw draw)
    {
        Random = seed.For(path).Random();
        Put(path, draw(this));
    }

    /// <summary>Sets a field, with numbers spelled by the field's type: counts whole, money and decimals with a fraction.</summary>
    public void Put(string path, Json value)
    {
        if (value is JsonNumber number)
        {
            value = entity?.Field(path)?.Type switch
            {
                "money" or "decimal" => new JsonNumber(number.Value, isInteger: false),
                "count" => new JsonNumber(number.Value, isInteger: double.IsInteger(number.Value)),
                _ => number,
            };
        }

        Values = Values.WithPath(path.Split('.'), value);
    }

    /// <summary>A draft of a row nested in this one.</summary>
    public RowDraft Inner(EntitySpec? inner, string path, int at) => new(made, inner, seed.For(path).For(at), at, at);

    /// <summary>The value at a path of this row, or of a row that it refers to: <c>title_id.author</c>.</summary>
    public Json Read(string path) => made.Follow(entity, Values, path);

    /// <summary>
    /// Claims a value of a set in which each value may be used once; false if it is taken. The claim lasts only if the row is kept.
    /// </summary>
    public bool Claim(string set, string value)
    {
        if (made.IsTaken(set, value) || _claims.Contains((set, value)))
            return false;
        _claims.Add((set, value));
        return true;
    }
}

/// <summary>Makes a value for a field of the row in the making.</summary>
/// <exception cref="ToolError">The value cannot be made; the message gives the reason.</exception>
internal delegate Json Draw(RowDraft row);
