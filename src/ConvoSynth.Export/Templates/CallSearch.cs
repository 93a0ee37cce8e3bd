using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConvoSynth.Export.Records;

namespace ConvoSynth.Export.Templates;

internal enum CallFound
{
    Whole,
    Twice,
    WithoutArguments,

    /// <summary>Without arguments, as the call has none.</summary>
    Bare,
    Not,
}

/// <summary>
/// Reads a call back from a rendered text, in whichever form the template writes it: the name with a JSON object behind it or around it, or
/// the name with keys and values in markup.
/// </summary>
internal static class CallSearch
{
    // Between a name and its arguments, and between a key and its value, stand marks of the template and no data.
    private const int Gap = 120;

    /// <summary>Looks for the call between two places. Returns how it was found, and where it ends.</summary>
    public static (CallFound Found, TextSpan Span) Find(string text, RecordedCall call, int from, int to)
    {
        var arguments = Meant(call.Arguments);
        var found = CallFound.Not;
        var span = default(TextSpan);
        for (var at = Next(text, call.Name, from, to); at >= 0; at = Next(text, call.Name, at + 1, to))
        {
            var end = at + call.Name.Length;
            if (Around(text, call.Name, arguments, from, at) is { } whole)
                return (CallFound.Whole, whole);
            var (form, until) = Behind(text, arguments, end, to);
            if (form == CallFound.Whole)
                return (form, new(at, until));
            if (found is CallFound.Not || form == CallFound.Twice)
                (found, span) = (form, new(at, until));
        }

        return (found == CallFound.Bare ? CallFound.Whole : found, span);
    }

    /// <summary>The object that arguments mean, however often they were encoded; null if they mean none.</summary>
    public static JsonObject? Meant(JsonNode? arguments)
    {
        while (arguments is JsonValue value && value.TryGetValue(out string? text))
        {
            if (Parsed(text) is not { } inner)
                return null;
            arguments = inner;
        }

        return arguments as JsonObject ?? (arguments is null ? [] : null);
    }

    private static int Next(string text, string name, int from, int to)
    {
        for (var at = Index(text, name, from, to); at >= 0; at = Index(text, name, at + 1, to))
        {
            var end = at + name.Length;
            if ((at == 0 || !IsOfName(text[at - 1])) && (end == text.Length || !IsOfName(text[end])))
                return at;
        }

        return -1;
    }

    private static int Index(string text, string name, int from, int to) =>
        from >= to ? -1 : text.IndexOf(name, from, to - from, StringComparison.Ordinal);

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';

    // The arguments may stand before the name, in one object with it.
    private static TextSpan? Around(string text, string name, JsonObject? arguments, int from, int at)
    {
        for (var open = text.LastIndexOf('{', at); open >= from; open = open == 0 ? -1 : text.LastIndexOf('{', open - 1))
        {
            if (JsonAt(text, open) is not ({ } json, var end) || end <= at)
                continue;
            if (json is JsonObject map && map.Any(f => IsText(f.Value, name)) && map.Any(f => JsonNode.DeepEquals(f.Value, arguments)))
                return new(open, end);
            if (at - open > 4000)
                return null;
        }

        return null;
    }

    private static bool IsText(JsonNode? node, string text) => node is JsonValue value && value.TryGetValue(out string? own) && own == text;

    private static (CallFound, int) Behind(string text, JsonObject? arguments, int end, int to)
    {
        if (arguments is null)
            return (CallFound.WithoutArguments, end);
        var open = text.IndexOf('{', end, Math.Min(Gap, to - end));
        if (open >= 0)
        {
            var quoted = open > 0 && text[open - 1] == '"';
            if (quoted && JsonAt(text, open - 1) is (JsonValue twice, var after) && Same(Meant(twice), arguments))
                return (CallFound.Twice, after);
            if (JsonAt(text, open) is ({ } json, var until) && JsonNode.DeepEquals(json, arguments))
                return (CallFound.Whole, until);
            // A text of an object inside the braces that a template writes around keys.
            if (JsonAt(text, open + 1) is (JsonObject inside, var closed) && Same(inside, arguments))
                return (CallFound.Twice, closed);
        }

        return Markup(text, arguments, end, to) is { } last ? (CallFound.Whole, last)
            : arguments.Count == 0 && open < 0 ? (CallFound.Bare, end)
            : (CallFound.WithoutArguments, end);
    }

    private static bool Same(JsonObject? a, JsonObject b) => a is not null && JsonNode.DeepEquals(a, b);

    // Each key with its value right behind it; templates may sort the keys.
    private static int? Markup(string text, JsonObject arguments, int end, int to)
    {
        if (arguments.Count == 0)
            return null;
        var last = end;
        foreach (var (key, value) in arguments)
        {
            if (Pair(text, key, value, end, to) is not { } until)
                return null;
            last = Math.Max(last, until);
        }

        return last;
    }

    private static int? Pair(string text, string key, JsonNode? value, int from, int to)
    {
        for (var at = Next(text, key, from, to); at >= 0; at = Next(text, key, at + 1, to))
        {
            if (Value(text, value, at + key.Length, to) is { } until)
                return until;
        }

        return null;
    }

    private static int? Value(string text, JsonNode? value, int from, int to)
    {
        foreach (var form in WrittenForms.OfValue(value))
        {
            var at = text.IndexOf(form, from, Math.Min(Gap / 3 + form.Length, to - from), StringComparison.Ordinal);
            if (at >= 0)
                return at + form.Length;
        }

        // A template may write nested values in marks of its own.
        return value switch
        {
            JsonObject { Count: > 0 } map => Markup(text, map, from, to),
            JsonArray { Count: > 0 } list => list.Aggregate((int?)from, (at, item) => at is null ? null : Value(text, item, at.Value, to)),
            _ => null,
        };
    }

    private static (JsonNode? Json, int End) JsonAt(string text, int at)
    {
        // Bounded: no call has more.
        var bytes = Encoding.UTF8.GetBytes(text.Substring(at, Math.Min(text.Length - at, 20_000)));
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            return JsonNode.Parse(ref reader) is { } node
                ? (node, at + Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed)))
                : (null, at);
        }
        catch (JsonException)
        {
            return (null, at);
        }
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
