using System.Text.Json;
using ConvoSynth.Serve.Frames;

namespace ConvoSynth.Serve.NemoGym;

/// <summary>Reads the items of OpenAI's Responses API, as NeMo Gym's bodies have them.</summary>
internal static class ResponseItems
{
    /// <summary>What the human says first in a row: its first message of a user.</summary>
    public static string? OpeningOf(JsonElement body)
    {
        if (
            !body.TryGetProperty("responses_create_params", out var created)
            || !Fields.Map(created, "body.responses_create_params").TryGetProperty("input", out var input)
        )
            return null;
        if (input.ValueKind == JsonValueKind.String)
            return input.GetString();
        return
            Items(input).FirstOrDefault(i => i.TryGetProperty("role", out var role) && role.ValueEquals("user"u8))
                is { ValueKind: JsonValueKind.Object } first
            ? TextOf(first)
            : null;
    }

    /// <summary>The items of a list that are objects.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object) : [];

    public static bool Is(JsonElement item, ReadOnlySpan<byte> type) =>
        item.TryGetProperty("type"u8, out var own)
            ? own.ValueKind == JsonValueKind.String && own.ValueEquals(type)
            // A message in its short form has a role alone.
            : type.SequenceEqual("message"u8) && item.TryGetProperty("role"u8, out _);

    /// <summary>The text of a message, whose content is a text or a list of parts.</summary>
    public static string TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content"u8, out var content))
            return "";
        return content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(Items(content).Select(p => p.TryGetProperty("text"u8, out var text) ? text.GetString() : ""));
    }
}
