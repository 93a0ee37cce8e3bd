using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

public enum JsonKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Map,
}

/// <summary>
/// An immutable JSON value: the building block of rows, arguments, observations and diffs. Thousands of dialogues share one database, and
/// a change copies only the path that it touches. Equality is by value: <c>25</c> equals <c>25.0</c>, and the order of a map's keys is
/// irrelevant.
/// </summary>
[JsonConverter(typeof(JsonValueConverter))]
public abstract class Json : IEquatable<Json>
{
    private protected Json() { }

    public static Json Null { get; } = new JsonNull();

    public abstract JsonKind Kind { get; }

    public static JsonMap Map(params ReadOnlySpan<(string Key, Json Value)> entries) => JsonMap.Create(entries);

    public static JsonList List(params Json[] items) => new(items);

    public static JsonList List(IEnumerable<Json> items) => new([.. items]);

    /// <summary>The value of a map's key; <see cref="Null"/> if the key is missing or this is not a map.</summary>
    public virtual Json this[string key] => Null;

    public bool IsNull => Kind == JsonKind.Null;

    /// <summary>The text of a string; otherwise null.</summary>
    public string? Text => (this as JsonText)?.Value;

    /// <summary>The value of a number; otherwise null.</summary>
    public double? Number => (this as JsonNumber)?.Value;

    /// <summary>The value of a Boolean; otherwise null.</summary>
    public bool? Flag => (this as JsonBoolean)?.Value;

    /// <summary>The items of a list; empty for any other kind.</summary>
    public virtual IReadOnlyList<Json> Items => [];

    public abstract bool Equals(Json? other);

    public sealed override bool Equals(object? obj) => Equals(obj as Json);

    public abstract override int GetHashCode();

    public static bool operator ==(Json? left, Json? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Json? left, Json? right) => !(left == right);

    public static implicit operator Json(string? value) => value is null ? Null : new JsonText(value);

    public static implicit operator Json(bool value) => value ? JsonBoolean.True : JsonBoolean.False;

    public static implicit operator Json(int value) => new JsonNumber(value, isInteger: true);

    public static implicit operator Json(long value) => new JsonNumber(value, isInteger: true);

    public static implicit operator Json(double value) => new JsonNumber(value, isInteger: false);

    public static implicit operator Json(decimal value) => new JsonNumber((double)value, isInteger: false);

    /// <summary>
    /// Parses JSON strictly; an error (syntax, a duplicate key, a lone surrogate, a number beyond 2^53) is returned as a value.
    /// </summary>
    public static bool TryParse(string text, out Json value, out JsonError? fault) => JsonReading.TryRead(text, out value, out fault);

    /// <summary>Parses JSON strictly.</summary>
    /// <exception cref="FormatException">The text is not acceptable JSON; the message says where and why.</exception>
    public static Json Parse(string text) =>
        TryParse(text, out var value, out var fault) ? value : throw new FormatException(fault!.Message);

    /// <summary>
    /// Parses UTF-8 JSON strictly and skips a byte order mark, which some editors write. A UTF-16 byte order mark selects UTF-16.
    /// </summary>
    /// <exception cref="FormatException">The text is not acceptable JSON; the message says where and why.</exception>
    public static Json Parse(ReadOnlySpan<byte> utf8) =>
        utf8 switch
        {
            [0xFF, 0xFE, .. var little] => Parse(Encoding.Unicode.GetString(little)),
            [0xFE, 0xFF, .. var big] => Parse(Encoding.BigEndianUnicode.GetString(big)),
            _ => ParseUtf8(utf8),
        };

    private static Json ParseUtf8(ReadOnlySpan<byte> utf8) =>
        JsonReading.TryRead(
            utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8,
            out var value,
            out var fault
        )
            ? value
            : throw new FormatException(fault!.Message);

    /// <summary>The texts, numbers and Booleans at any depth, in their order; keys and nulls are none.</summary>
    public IEnumerable<Json> Leaves() =>
        this switch
        {
            JsonMap map => map.Values.SelectMany(static v => v.Leaves()),
            JsonList list => list.Items.SelectMany(static v => v.Leaves()),
            JsonNull => [],
            _ => [this],
        };

    /// <summary>Compact JSON with keys in their stored order.</summary>
    public override string ToString() => JsonWriting.Compact(this);

    /// <summary>Compact JSON with keys in ordinal order and whole numbers without a fraction: equal values give equal text.</summary>
    public string ToCanonicalString() => JsonWriting.Canonical(this);
}

public sealed class JsonNull : Json
{
    internal JsonNull() { }

    public override JsonKind Kind => JsonKind.Null;

    public override bool Equals(Json? other) => other is JsonNull;

    public override int GetHashCode() => 0;
}

public sealed class JsonBoolean : Json
{
    public static readonly JsonBoolean True = new(true);
    public static readonly JsonBoolean False = new(false);

    private JsonBoolean(bool value) => Value = value;

    public bool Value { get; }

    public override JsonKind Kind => JsonKind.Boolean;

    public override bool Equals(Json? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Value ? 1 : 2;
}

/// <summary>A number. <see cref="IsInteger"/> keeps its spelling (<c>25</c> or <c>25.0</c>); equality ignores it.</summary>
public sealed class JsonNumber(double value, bool isInteger) : Json
{
    /// <summary>2^53: a double does not distinguish neighbouring integers beyond it (IEEE 754, 53-bit significand).</summary>
    public const double LargestExactInteger = 9007199254740992d;

    public double Value { get; } = value;

    public bool IsInteger { get; } = isInteger;

    public override JsonKind Kind => JsonKind.Number;

    public override bool Equals(Json? other) => other is JsonNumber n && n.Value.Equals(Value);

    public override int GetHashCode() => Value.GetHashCode();

    internal string Spelled(bool canonical)
    {
        if ((IsInteger || canonical) && Math.Abs(Value) <= LargestExactInteger && Math.Floor(Value).Equals(Value))
            return ((long)Value).ToString(CultureInfo.InvariantCulture);
        var text = Value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}

public sealed class JsonText(string value) : Json
{
    public string Value { get; } = value;

    public override JsonKind Kind => JsonKind.Text;

    public override bool Equals(Json? other) => other is JsonText t && string.Equals(t.Value, Value, StringComparison.Ordinal);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}

public sealed class JsonList(Json[] items) : Json
{
    private readonly Json[] _items = items;

    public static JsonList Empty { get; } = new([]);

    public override JsonKind Kind => JsonKind.List;

    public override IReadOnlyList<Json> Items => _items;

    public ReadOnlySpan<Json> Span => _items;

    public override bool Equals(Json? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is not JsonList list || list._items.Length != _items.Length)
            return false;
        for (var i = 0; i < _items.Length; i++)
        {
            if (!_items[i].Equals(list._items[i]))
                return false;
        }

        return true;
    }

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
            hash.Add(item);
        return hash.ToHashCode();
    }
}
