using System.Text;
using System.Text.Json;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// A server's error in any of its forms: <c>{"error": …}</c> with an object, a list or a text; flat with <c>message</c> or <c>detail</c>;
/// or a list of these. It may also be a text that quotes another server's JSON, or plain text. Only fields with such names are read,
/// since some servers quote the request.
/// </summary>
/// <param name="Words">All its codes, types and sentences.</param>
/// <param name="Code">Its code or type, if it looks like one.</param>
/// <param name="Status">The HTTP status that it names; null if it names none.</param>
/// <param name="KnowsProtocol">Whether it has the form of a model server's error; other servers use other forms.</param>
internal sealed record ErrorDocument(string Words, string? Code, int? Status, bool KnowsProtocol)
{
    // Fields that may stand beside an error whose sentence is elsewhere.
    private static readonly string[] Beside = ["message", "msg", "detail", "reason", "code"];

    /// <summary>How the dialogue ends if the error concerns its prompt; null if it concerns the endpoint.</summary>
    public FinishReason? RefusedPrompt(int status) =>
        MeaningAt(status) switch
        {
            ErrorMeaning.ContextLength => FinishReason.ContextLength,
            ErrorMeaning.Filter => FinishReason.PromptFilter,
            _ => null,
        };

    /// <summary>The meaning of the words in a response with this status.</summary>
    public ErrorMeaning MeaningAt(int status) =>
        ErrorWords.Meaning(
            Words,
            meaning =>
                status switch
                {
                    401 or 402 or 404 or 405 or 407 => false,
                    429 => meaning is ErrorMeaning.ContextLength or ErrorMeaning.Credit or ErrorMeaning.RateLimit,
                    403 => meaning is not (ErrorMeaning.ContextLength or ErrorMeaning.Access),
                    >= 500 => meaning is not (ErrorMeaning.Access or ErrorMeaning.RateLimit),
                    _ => true,
                }
        );

    /// <param name="isSuccess">Whether the status marks the body as an answer: then only a plain error counts as one.</param>
    public static ErrorDocument? Of(ReadOnlySpan<byte> body, bool isSuccess)
    {
        using var document = ResponseJson.Parse(body, out _);
        if (document is not null)
            return Of(document.RootElement, isSuccess);

        // An HTML page holds no message for a program.
        var text = isSuccess ? "" : Encoding.UTF8.GetString(body[..Math.Min(body.Length, ErrorDraft.LongestWords)]).Trim();
        return text.Length == 0 || text[0] == '<' ? null : Made(draft => draft.Add(text, 0), knowsProtocol: false);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte}, bool)"/>
    public static ErrorDocument? Of(JsonElement root, bool isSuccess)
    {
        if (Found(root, isSuccess) is not { } error)
            return null;
        var knows =
            error.ValueKind == JsonValueKind.String || (error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out _));
        return Made(draft => ReadAll(draft, root, error), knows);
    }

    private static void ReadAll(ErrorDraft draft, JsonElement root, JsonElement error)
    {
        draft.Read(error, 0);
        if (root.ValueKind != JsonValueKind.Object)
            return;
        draft.ReadStatus(root);
        foreach (var name in Beside)
        {
            if (root.TryGetProperty(name, out var value) && TolerantText.Of(value) is { } text)
                draft.Add(text, 0);
        }
    }

    private static ErrorDocument Made(Action<ErrorDraft> read, bool knowsProtocol)
    {
        var draft = new ErrorDraft();
        read(draft);
        return new(draft.Words.ToString(), draft.Code, draft.Status, knowsProtocol);
    }

    private static JsonElement? Found(JsonElement root, bool isSuccess)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in root.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Object && Found(item, isSuccess) is { } found)
                    return found;
            }

            return isSuccess ? null : root;
        }

        if (root.ValueKind == JsonValueKind.String)
            return isSuccess ? null : root;
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var name in (ReadOnlySpan<string>)["error", "errors"])
        {
            if (root.TryGetProperty(name, out var error) && Says(error))
                return error;
        }

        if (!isSuccess)
            return root;
        foreach (var choice in ResponseJson.Items(root, "choices"u8))
        {
            if (choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("error", out var error) && Says(error))
                return error;
        }

        // Some servers put an error beside an empty list of choices.
        var isAnswer =
            ResponseJson.Items(root, "choices"u8).Any()
            || root.TryGetProperty("output", out _)
            || root.TryGetProperty("content", out _)
            || TolerantText.Of(root, "object"u8) is "list" or "response";
        return
            !isAnswer
            && root.EnumerateObject()
                .Any(static p =>
                    p.Name
                        is "message"
                            or "msg"
                            or "detail"
                            or "details"
                            or "error_message"
                            or "error_msg"
                            or "fault"
                            or "base_resp"
                            or "prompt_feedback"
                            or "promptFeedback"
                )
            ? root
            : null;
    }

    private static bool Says(JsonElement error) =>
        error.ValueKind switch
        {
            JsonValueKind.String => TolerantText.Of(error)?.ToLowerInvariant()
                is not ("" or "success" or "ok" or "none" or "null" or "no error" or null),
            JsonValueKind.Object => error.EnumerateObject().Any(static p => Says(p.Value)),
            JsonValueKind.Array => error.GetArrayLength() > 0,
            JsonValueKind.Number => error.GetRawText() != "0",
            _ => error.ValueKind == JsonValueKind.True,
        };
}
