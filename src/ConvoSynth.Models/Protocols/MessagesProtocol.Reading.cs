using System.Text;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

public sealed partial class MessagesProtocol
{
    // Fields that the request rewrites, and fields that only responses have.
    private static readonly string[] OfText = ["type", "text", "citations"];
    private static readonly string[] OfToolUse = ["type", "id", "name", "input"];

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
            TolerantText.Of(root, "type"u8) != "message"
            || !root.TryGetProperty("content"u8, out var content)
            || content.ValueKind != JsonValueKind.Array
        )
            return "JSON that is no message";
        usage = UsageOf(root);
        return FinishOf(root) is not null ? null
            : TolerantText.Of(root, "stop_reason"u8) is { } reason ? $"a message that stopped by {FinishWords.Shown(reason)}"
            : "a message that does not say why it stopped";
    }

    public ChatAnswer Read(EndpointSpec spec, string body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (RefusedPrompt.Finish(root) is { } refused)
            return RefusedPrompt.Answer(refused, root);
        var text = new StringBuilder();
        foreach (var block in Blocks(root, "text"))
            text.Append(TolerantText.Of(block, "text"u8));
        var answer = new AnswerDraft(spec)
        {
            Text = text.Length == 0 ? null : text.ToString(),
            Reasoning = ReasoningOf(spec, root),
            Finish = FinishOf(root) ?? FinishReason.Length,
        };
        foreach (var call in Blocks(root, "tool_use"))
            answer.Add(
                TolerantText.Of(call, "id"u8),
                TolerantText.Of(call, "name"u8),
                call.TryGetProperty("input"u8, out var input) ? input.GetRawText() : "{}"
            );
        var usage = root.TryGetProperty("usage"u8, out var counted) ? counted : default;
        return answer.Finished(root, UsageOf(root), TolerantText.Of(usage, "service_tier"u8));
    }

    // Null for reasons that our requests cannot cause and for unknown ones: such an answer is no success.
    private static FinishReason? FinishOf(JsonElement root) =>
        TolerantText.Of(root, "stop_reason"u8) switch
        {
            "end_turn" or "tool_use" or "stop_sequence" => FinishReason.Stop,
            "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
            "refusal" => FinishReason.Refusal,
            _ => null,
        };

    // Anthropic's input_tokens exclude cached tokens; ours are the whole prompt.
    private static Usage UsageOf(JsonElement root)
    {
        if (!root.TryGetProperty("usage"u8, out var usage))
            return Usage.None;
        var (read, written) = (
            ResponseJson.Count(usage, "cache_read_input_tokens"u8),
            ResponseJson.Count(usage, "cache_creation_input_tokens"u8)
        );
        return new(ResponseJson.Count(usage, "input_tokens"u8) + read + written, read, ResponseJson.Count(usage, "output_tokens"u8), 0)
        {
            CacheWriteTokens = written,
        };
    }

    private static IEnumerable<JsonElement> Blocks(JsonElement root, string type) =>
        ResponseJson.Items(root, "content"u8).Where(b => b.ValueKind == JsonValueKind.Object && TolerantText.Of(b, "type"u8) == type);

    // Keeps the whole content, since its blocks must go back in order; null if our own form would say the same.
    private static Reasoning? ReasoningOf(EndpointSpec spec, JsonElement root)
    {
        var blocks = ResponseJson.Items(root, "content"u8).ToArray();
        if (blocks.All(IsPlain) && Blocks(root, "text").Count() < 2)
            return null;
        if (!Json.TryParse(root.GetProperty("content"u8).GetRawText(), out var content, out _))
            return null;
        var said = string.Join(
            "\n\n",
            Blocks(root, "thinking").Select(b => TolerantText.Of(b, "thinking"u8)).OfType<string>().Where(static t => t.Length > 0)
        );
        return new(spec.Name, content, said.Length == 0 ? null : said);
    }

    private static bool IsPlain(JsonElement block) =>
        TolerantText.Of(block, "type"u8) switch
        {
            "text" => Kept.Others(block, OfText) is null,
            "tool_use" => Kept.Others(block, OfToolUse) is null,
            _ => false,
        };
}
