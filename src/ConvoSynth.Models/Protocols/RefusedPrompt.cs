using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Represents a prompt that an endpoint refused, as too long or filtered, as an answer: it ends the dialogue, and the journal keeps the
/// reason.
/// </summary>
internal static class RefusedPrompt
{
    private const int LongestWords = 500;

    /// <summary>The body that represents the refusal in the journal, whatever its original form.</summary>
    public static string Body(FinishReason finish, int status, string words) =>
        Json.Map(
                (
                    "error",
                    Json.Map(
                        ("code", finish == FinishReason.ContextLength ? "context_length_exceeded" : "content_filter"),
                        ("type", "prompt_refused"),
                        ("status", status),
                        ("message", Shortened(words))
                    )
                )
            )
            .ToString();

    /// <summary>Why a body in the journal is a refusal of its prompt; null if it is an answer.</summary>
    public static FinishReason? Finish(JsonElement root) =>
        ErrorDocument.Of(root, isSuccess: true) is { } error ? error.RefusedPrompt(error.Status ?? 400) : null;

    /// <summary>An empty answer without usage.</summary>
    public static ChatAnswer Answer(FinishReason finish, JsonElement root) =>
        new(Message.Assistant(""), finish, "", Usage.None) { RefusalWords = Words(root) };

    private static string Shortened(string words) =>
        words.Length <= LongestWords ? words : words[..(char.IsHighSurrogate(words[LongestWords - 1]) ? LongestWords - 1 : LongestWords)];

    private static string Words(JsonElement root) => ErrorDocument.Of(root, isSuccess: true)?.Words ?? "";
}
