using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ConvoSynth.Export.Templates;

/// <summary>
/// Numbers as Python prints them. The engine is JavaScript, which prints 46.0 as 46 and rounds integers beyond 2^53. So the template gets
/// integers that stand for such numbers, and the rendered text gets Python's digits in their place.
/// </summary>
internal sealed partial class PythonNumbers
{
    // Below 2^53, so that JavaScript prints each digit.
    private const long First = 7_310_000_000_000_000;
    private const long Step = 10_000_000_000_000;
    private const int Most = 1_000_000;

    private readonly List<string> _spellings = [];
    private long _base = First;

    [GeneratedRegex(@"^-?(?:0|[1-9]\d{0,14})$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain { get; }

    /// <summary>Puts stand-ins into the data of a template.</summary>
    public void Hide(JsonNode context)
    {
        // Its digits must not stand in the data.
        for (var text = context.ToJsonString(); text.Contains(Digits(_base)[..9], StringComparison.Ordinal); _base += Step) { }
        Replace(context);
    }

    /// <summary>The text with Python's digits.</summary>
    public string Show(string text)
    {
        if (_spellings.Count == 0)
            return text;
        return Regex.Replace(
            text,
            $@"{Digits(_base)[..9]}\d{{7}}",
            m => _spellings[(int)(long.Parse(m.Value, CultureInfo.InvariantCulture) - _base)],
            RegexOptions.CultureInvariant
        );
    }

    /// <summary>A JSON number as <c>json.dumps(json.loads(text))</c> prints it.</summary>
    public static string Spelled(string number)
    {
        if (number.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
            return number == "-0" ? "0" : number;
        var value = double.Parse(number, CultureInfo.InvariantCulture);
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        var size = Math.Abs(value);
        if (size < 1e16 && Math.Floor(value).Equals(value))
            return value.ToString("F1", CultureInfo.InvariantCulture);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal)
            ? size is >= 1e15 and < 1e16
                ? ((decimal)value).ToString(CultureInfo.InvariantCulture)
                : text.Replace("E", "e", StringComparison.Ordinal)
            : size < 1e16
                ? text
                : Exponent(text);
    }

    // All digits of an integer, as d.ddde+dd.
    private static string Exponent(string digits)
    {
        var sign = digits[0] == '-' ? "-" : "";
        var all = digits[sign.Length..];
        var kept = all.TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{kept[0]}{(kept.Length > 1 ? "." : "")}{kept[1..]}e+{all.Length - 1}");
    }

    private void Replace(JsonNode node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, held) in map.ToArray())
                {
                    if (StandIn(held) is { } number)
                        map[name] = number;
                    else if (held is not null)
                        Replace(held);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (StandIn(list[i]) is { } number)
                        list[i] = number;
                    else if (list[i] is { } held)
                        Replace(held);
                }

                break;
        }
    }

    private long? StandIn(JsonNode? node)
    {
        if (node is not JsonValue || node.GetValueKind() != JsonValueKind.Number || _spellings.Count == Most)
            return null;
        var text = node.ToJsonString();
        if (Plain.IsMatch(text) && text != "-0")
            return null;
        _spellings.Add(Spelled(text));
        return _base + _spellings.Count - 1;
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
