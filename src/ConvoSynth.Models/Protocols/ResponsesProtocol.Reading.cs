using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

public sealed partial class ResponsesProtocol
{
    // Fields that the request rewrites, and fields that only responses have.
    private static readonly string[] OfMessageItem = ["type", "id", "role", "status", "content"];
    private static readonly string[] OfPart = ["type", "text", "refusal", "annotations", "logprobs"];
    private static readonly string[] OfCallItem = ["type", "id", "call_id", "name", "arguments", "status"];

    public string? Problem(ReadOnlySpan<byte> body, out Usage usage)
    {
        usage = Usage.None;
        using var document = ResponseJson.Parse(body, out var problem);
        if (document is null)
            return problem;
        var root = document.RootElement;
        if (RefusedPrompt.Finish(root) is not null)
            return null;
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("output"u8, out var output)
            || output.ValueKind != JsonValueKind.Array
        )
            return ResponseJson.Items(root, "choices"u8).Any()
                ? ResponseJson.OtherProtocol("a chat completion", "chat")
                : "JSON that is no response";
        usage = UsageOf(root);
        return FinishOf(root).Problem;
    }

    public ChatAnswer Read(EndpointSpec spec, string body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (RefusedPrompt.Finish(root) is { } refused)
            return RefusedPrompt.Answer(refused, root);
        var text = string.Join("\n\n", Messages(root).Select(TextOf).OfType<string>());
        if (text.Length == 0)
            text = TolerantText.Of(root, "output_text"u8) ?? "";
        var answer = new AnswerDraft(spec)
        {
            Text = text.Length == 0 ? null : text,
            Refusal = Messages(root).Select(ContentParts.Refusal).FirstOrDefault(static r => r is not null),
            Reasoning = ReasoningOf(spec, root),
            Finish = FinishOf(root).Finish,
            Kept = KeptOf(spec, root),
        };
        foreach (var call in ResponseJson.Items(root, "output"u8).Where(i => Is(i, "function_call")))
            answer.Add(TolerantText.Of(call, "call_id"u8), TolerantText.Of(call, "name"u8), ResponseJson.Arguments(call));
        return answer.Finished(root, UsageOf(root));
    }

    // Combines the status of the response and of its parts. A response that is not whole counts as cut off.
    private static (FinishReason Finish, string? Problem) FinishOf(JsonElement root)
    {
        var reason = root.TryGetProperty("incomplete_details"u8, out var details) ? TolerantText.Of(details, "reason"u8) : null;
        var status = TolerantText.Of(root, "status"u8) ?? (reason is null ? "completed" : "incomplete");
        switch (status)
        {
            case "completed" when reason is null:
                // A part that broke off has its own status.
                return ResponseJson
                    .Items(root, "output"u8)
                    .Any(static i =>
                        (Is(i, "message") || Is(i, "function_call"))
                        && TolerantText.Of(i, "status"u8) is "incomplete" or "in_progress" or "failed"
                    )
                    ? (FinishReason.Length, "a response with a part that is not finished")
                    : (FinishReason.Stop, null);
            case "completed" or "incomplete":
                if (reason is null)
                    return (FinishReason.Length, "a response that is incomplete and does not say why");
                var known = FinishWords.Of(reason);
                return known is { } finish and not FinishReason.Stop
                    ? (finish, null)
                    : (FinishReason.Length, $"a response that is incomplete by {FinishWords.Shown(reason)}");
            case "failed":
                return (FinishReason.Length, "a response that failed");
            case "cancelled" or "canceled":
                return (FinishReason.Length, "a response that was cancelled");
            case "queued" or "in_progress":
                return (FinishReason.Length, "a response that is not finished");
            default:
                return (FinishReason.Length, $"a response whose status is {FinishWords.Shown(status)}");
        }
    }

    private static IEnumerable<JsonElement> Messages(JsonElement root) => ResponseJson.Items(root, "output"u8).Where(i => Is(i, "message"));

    private static string? TextOf(JsonElement message) =>
        TolerantText.Of(message, "content"u8) ?? ContentParts.Text(message, areThoughts: false);

    private static Usage UsageOf(JsonElement root) =>
        ResponseJson.Usage(root, "input_tokens"u8, "input_tokens_details"u8, "output_tokens"u8, "output_tokens_details"u8);

    private static bool Is(JsonElement item, string type) =>
        item.ValueKind == JsonValueKind.Object && TolerantText.Of(item, "type"u8) == type;

    private static Reasoning? ReasoningOf(EndpointSpec spec, JsonElement root)
    {
        var items = ResponseJson.Items(root, "output"u8).Where(i => Is(i, "reasoning")).ToArray();
        if (items.Length == 0 || !Json.TryParse(root.GetProperty("output"u8).GetRawText(), out var output, out _))
            return null;
        var said = string.Join(
            "\n\n",
            items
                .SelectMany(i => ResponseJson.Items(i, "summary"u8).Concat(ResponseJson.Items(i, "content"u8)))
                .Select(s => TolerantText.Of(s, "text"u8))
                .OfType<string>()
        );
        return new(spec.Name, output, said.Length == 0 ? null : said);
    }

    // Items that our own form would not reproduce. Reasoning goes back by its own rule.
    private static KeptFields? KeptOf(EndpointSpec spec, JsonElement root)
    {
        var items = ResponseJson.Items(root, "output"u8).Where(static i => !Is(i, "reasoning")).ToArray();
        if (items.All(IsPlain))
            return null;
        var kept = items
            .Where(static i => i.ValueKind == JsonValueKind.Object)
            .Select(static i => Json.TryParse(i.GetRawText(), out var item, out _) ? item : null)
            .OfType<Json>()
            .ToArray();
        return kept.Length == 0 ? null : new(spec.Name, Json.List(kept));
    }

    private static bool IsPlain(JsonElement item) =>
        Is(item, "message")
            ? Kept.Others(item, OfMessageItem) is null
                && ResponseJson.Items(item, "content"u8).All(static p => Kept.Others(p, OfPart) is null)
            : item.ValueKind != JsonValueKind.Object || (Is(item, "function_call") && Kept.Others(item, OfCallItem) is null);
}
