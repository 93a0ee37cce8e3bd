using System.Text;
using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

public sealed partial class ResponsesProtocol
{
    public bool IsAnswer(int status, ReadOnlySpan<byte> body) => RefusedPrompt.Finish(status, body) is not null;

    public string? Problem(ReadOnlySpan<byte> body, out Usage usage)
    {
        usage = Usage.None;
        using var document = ResponseJson.Parse(body, out var problem);
        if (document is null) return problem;
        var root = document.RootElement;
        if (RefusedPrompt.Finish(root) is not null) return null;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("output"u8, out var output) || output.ValueKind != JsonValueKind.Array) return "JSON that is no response";
        if (TolerantText.Of(root, "status"u8) is { } status and not ("completed" or "incomplete")) return status == "failed" ? "a response that failed" : "a response that is not finished";
        usage = UsageOf(root);
        return null;
    }

    public ChatAnswer Read(EndpointSpec spec, string body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (RefusedPrompt.Finish(root) is { } refused) return RefusedPrompt.Answer(refused);
        var text = new StringBuilder();
        string? refusal = null;
        foreach (var part in ResponseJson.Items(root, "output"u8).Where(i => Is(i, "message")).SelectMany(i => ResponseJson.Items(i, "content"u8)))
        {
            text.Append(TolerantText.Of(part, "text"u8));
            refusal ??= TolerantText.Of(part, "refusal"u8);
        }

        var answer = new AnswerDraft(spec)
        {
            Text = text.Length == 0 ? null : text.ToString(), Refusal = refusal, Reasoning = ReasoningOf(spec, root),
            Finish = root.TryGetProperty("incomplete_details"u8, out var details)
                ? TolerantText.Of(details, "reason"u8) switch { "max_output_tokens" => FinishReason.Length, "content_filter" => FinishReason.ContentFilter, _ => FinishReason.Stop }
                : FinishReason.Stop,
        };
        foreach (var call in ResponseJson.Items(root, "output"u8).Where(i => Is(i, "function_call")))
            answer.Add(TolerantText.Of(call, "call_id"u8), TolerantText.Of(call, "name"u8), ResponseJson.Arguments(call));
        return answer.Finished(root, UsageOf(root));
    }

    private static Usage UsageOf(JsonElement root) =>
        ResponseJson.Usage(root, "input_tokens"u8, "input_tokens_details"u8, "output_tokens"u8, "output_tokens_details"u8);

    private static bool Is(JsonElement item, string type) => item.ValueKind == JsonValueKind.Object && TolerantText.Of(item, "type"u8) == type;

    private static Reasoning? ReasoningOf(EndpointSpec spec, JsonElement root)
    {
        var items = ResponseJson.Items(root, "output"u8).Where(i => Is(i, "reasoning")).ToArray();
        if (items.Length == 0 || !Json.TryParse(root.GetProperty("output"u8).GetRawText(), out var output, out _)) return null;
        var said = string.Join("\n\n", items.SelectMany(i => ResponseJson.Items(i, "summary"u8).Concat(ResponseJson.Items(i, "content"u8))).Select(s => TolerantText.Of(s, "text"u8)).OfType<string>());
        return new(spec.Name, output, said.Length == 0 ? null : said);
    }
}
