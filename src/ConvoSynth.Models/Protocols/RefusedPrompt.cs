using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>A prompt that an endpoint did not take, too long or filtered, as an answer: the dialogue ends with it, and the journal holds why.</summary>
internal static class RefusedPrompt
{
    private const int LongestWords = 500;

    /// <summary>The body that stands for the refusal in the journal, in whatever shape it came.</summary>
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

    /// <summary>Why a body in the journal is no answer to its prompt; null where it is one.</summary>
    public static FinishReason? Finish(JsonElement root) =>
        ErrorDocument.Of(root, isSuccess: true) is { } error ? error.RefusedPrompt(error.Status ?? 400) : null;

    /// <summary>Nothing was said, and nothing was spent.</summary>
    public static ChatAnswer Answer(FinishReason finish, JsonElement root) =>
        new(Message.Assistant(""), finish, "", Usage.None) { RefusalWords = Words(root) };

    private static string Shortened(string words) =>
        words.Length <= LongestWords ? words : words[..(char.IsHighSurrogate(words[LongestWords - 1]) ? LongestWords - 1 : LongestWords)];

    private static string Words(JsonElement root) => ErrorDocument.Of(root, isSuccess: true)?.Words ?? "";
}
