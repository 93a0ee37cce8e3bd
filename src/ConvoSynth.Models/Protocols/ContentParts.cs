using System.Text.Json;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Reads a message's content that is a list of parts, or one part. Some servers send thoughts in parts of another type, some send a
/// part's text as an object with its value, and some send bare texts.
/// </summary>
internal static class ContentParts
{
    /// <summary>The joined text of the speech parts, or of the thought parts; null if the message has none.</summary>
    public static string? Text(JsonElement message, bool areThoughts)
    {
        var texts = Of(message).Where(p => IsThought(p) == areThoughts).SelectMany(Texts).ToArray();
        return texts.Length == 0 ? null : string.Concat(texts);
    }

    /// <summary>The text of the first refusal part; null if there is none.</summary>
    public static string? Refusal(JsonElement message) =>
        Of(message).Select(static p => TolerantText.Of(p, "refusal"u8)).FirstOrDefault(static r => !string.IsNullOrEmpty(r));

    /// <summary>The raw text of a content object that is no part: the server parsed a JSON answer. Null if there is none.</summary>
    public static string? Json(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("content"u8, out var content)
        && content.ValueKind == JsonValueKind.Object
        && !IsRead(content)
            ? content.GetRawText()
            : null;

    /// <summary>Whether the part has a known form.</summary>
    public static bool IsRead(JsonElement part) => IsThought(part) || Texts(part).Any() || TolerantText.Of(part, "refusal"u8) is not null;

    public static bool IsThought(JsonElement part) =>
        TolerantText.Of(part, "type"u8) is { } type
        && (type.Contains("think", StringComparison.OrdinalIgnoreCase) || type.Contains("reason", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<JsonElement> Of(JsonElement message) =>
        message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content"u8, out var content) ? []
        : content.ValueKind == JsonValueKind.Object ? [content]
        : ResponseJson.Items(message, "content"u8);

    private static IEnumerable<string> Texts(JsonElement part)
    {
        if (TolerantText.Of(part) is { } bare)
            return [bare];
        foreach (var name in (ReadOnlySpan<string>)["text", "thinking", "content"])
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty(name, out var value))
                continue;
            if ((TolerantText.Of(value) ?? TolerantText.Of(value, "value"u8)) is { } text)
                return [text];
            if (value.ValueKind == JsonValueKind.Array)
                return value.EnumerateArray().Select(static t => TolerantText.Of(t, "text"u8)).OfType<string>();
        }

        return [];
    }
}
