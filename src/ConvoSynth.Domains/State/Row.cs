using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>A row in its present state: immutable; <c>Set</c> returns a changed copy.</summary>
public sealed class Row(string table, string key, JsonMap values)
{
    // Well within the range of decimal.
    private const double LargestAmount = 1e18;

    public string Table { get; } = table;

    public string Key { get; } = key;

    public JsonMap Values { get; } = values;

    /// <summary>A field's value; a missing field is JSON null.</summary>
    public Json this[string field] => Values[field];

    /// <summary>A text field.</summary>
    /// <exception cref="InvalidOperationException">The field holds something else.</exception>
    public string Text(string field) => Values[field].Text ?? throw Wrong(field, "text");

    public int Int(string field) =>
        Values[field].Number is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw Wrong(field, "a number");

    public double Number(string field) => Values[field].Number ?? throw Wrong(field, "a number");

    /// <summary>A money field, rounded to cents.</summary>
    public decimal Money(string field) =>
        Values[field].Number is >= -LargestAmount and <= LargestAmount and var amount
            ? Math.Round((decimal)amount, 2)
            : throw Wrong(field, "an amount");

    public bool Flag(string field) => Values[field].Flag ?? throw Wrong(field, "true or false");

    /// <summary>A date field, written <c>2031-03-04</c>.</summary>
    public DateOnly Date(string field) =>
        FieldValues.TryDate(Text(field), out var date) ? date : throw Wrong(field, "a date such as 2031-03-04");

    /// <summary>The items of a list field.</summary>
    public IReadOnlyList<Json> List(string field) => Values[field].Items;

    public Row Set(string field, Json value) => new(Table, Key, Values.With(field, value));

    public Row Set(string field, DateOnly value) => Set(field, value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>A copy with the value at a path of keys set.</summary>
    public Row SetIn(Json value, params string[] path) => new(Table, Key, Values.WithPath(path, value));

    public Row Without(string field) => new(Table, Key, Values.Without(field));

    /// <summary>
    /// A copy that also holds, under the other table's name, that table's rows whose field <paramref name="by"/> equals this row's.
    /// </summary>
    public Row With(Table other, string by) => Set(other.Name, Json.List(other.Having(by, Values[by]).Select(r => (Json)r.Values)));

    public override string ToString() => Values.ToString();

    private InvalidOperationException Wrong(string field, string wanted) =>
        new($"the field {field} of {Table}/{Key} is {Values[field]}, not {wanted}");
}
