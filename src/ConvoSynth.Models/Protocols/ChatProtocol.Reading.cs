using System.Collections.Immutable;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

public sealed partial class ChatProtocol
{
    // The fields in which servers return a model's thoughts.
    private static readonly string[] ReasoningFields = ["reasoning_content", "reasoning"];

    public string? Problem(ReadOnlySpan<byte> body, out Usage usage)
    {
        usage = Usage.None;
        using var document = ResponseJson.Parse(body, out var problem);
        if (document is null)
            return problem;
        var root = document.RootElement;
        if (RefusedPrompt.Finish(root) is not null)
            return null;
        if (ChatChoices.Of(root) is not { } choices)
            return ResponseJson.Items(root, "output"u8).Any()
                ? ResponseJson.OtherProtocol("a response", "responses")
                : "JSON that is no chat completion";
        usage = UsageOf(root);
        return choices.Problem;
    }

    public ChatAnswer Read(EndpointSpec spec, string body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (RefusedPrompt.Finish(root) is { } refused)
            return RefusedPrompt.Answer(refused, root);
        var choices =
            ChatChoices.Of(root) ?? throw new FormatException($"endpoint \"{spec.Name}\": a journaled response is no chat completion");
        var answer = new AnswerDraft(spec)
        {
            Text = choices.First(Content),
            Refusal = choices.First(static m => TolerantText.Of(m, "refusal"u8) ?? ContentParts.Refusal(m)),
            Reasoning = choices.First(m => ReasoningOf(spec, m)),
            Finish = choices.Finish,
            Kept = choices.Kept(spec, ReasoningFields),
        };
        foreach (var (call, function) in choices.Calls)
            answer.Add(TolerantText.Of(call, "id"u8), TolerantText.Of(function, "name"u8), ResponseJson.Arguments(function));
        return answer.Finished(root, UsageOf(root));
    }

    private static Usage UsageOf(JsonElement root) =>
        ResponseJson.Usage(root, "prompt_tokens"u8, "prompt_tokens_details"u8, "completion_tokens"u8, "completion_tokens_details"u8);

    private static string? Content(JsonElement message) =>
        TolerantText.Of(message, "content"u8) ?? ContentParts.Text(message, areThoughts: false) ?? ContentParts.Json(message);

    private static Reasoning? ReasoningOf(EndpointSpec spec, JsonElement message)
    {
        var fields = new List<KeyValuePair<string, Json>>();
        string? text = null;
        foreach (var name in ReasoningFields)
        {
            if (
                !message.TryGetProperty(name, out var value)
                || value.ValueKind == JsonValueKind.Null
                || !Json.TryParse(value.GetRawText(), out var item, out _)
            )
                continue;
            fields.Add(new(name, item));
            text ??= item.Text is { Length: > 0 } said ? said : null;
        }

        text ??= ContentParts.Text(message, areThoughts: true);
        return fields.Count == 0 && text is null ? null : new(spec.Name, JsonMap.Create(fields), text);
    }
}
