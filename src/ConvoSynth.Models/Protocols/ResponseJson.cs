using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Parts that the responses of all protocols share. Missing fields and fields of another type count as absent, since servers differ.
/// </summary>
internal static class ResponseJson
{
    // Keeps a sum over millions of calls exact in a double.
    private const double MaxTokens = 1e8;

    public static JsonDocument? Parse(ReadOnlySpan<byte> body, out string? problem)
    {
        var reader = new Utf8JsonReader(body);
        problem = null;
        try
        {
            var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed == body.Length || body[(int)reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) < 0)
                return document;
            document.Dispose();
            problem = "more than one JSON document";
        }
        catch (JsonException)
        {
            problem = body.IsEmpty ? "nothing" : "JSON that breaks off or is none";
        }

        return null;
    }

    /// <summary>Names the protocol of an answer that differs from the endpoint's, and the setting.</summary>
    public static string OtherProtocol(string what, string protocol) => $"{what} of another protocol; set `protocol: {protocol}`";

    public static IEnumerable<JsonElement> Items(JsonElement owner, ReadOnlySpan<byte> name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray()
            : [];

    public static Usage Usage(
        JsonElement root,
        ReadOnlySpan<byte> input,
        ReadOnlySpan<byte> inputDetails,
        ReadOnlySpan<byte> output,
        ReadOnlySpan<byte> outputDetails
    )
    {
        if (!root.TryGetProperty("usage"u8, out var usage) || usage.ValueKind != JsonValueKind.Object)
            return Core.Dialogues.Usage.None;
        var inputTokens = Count(usage, input);
        var outputTokens = Count(usage, output);
        var ins = usage.TryGetProperty(inputDetails, out var details) ? details : default;
        var cached = Math.Min(inputTokens, Count(ins, "cached_tokens"u8));
        return new(
            inputTokens,
            cached,
            outputTokens,
            Math.Min(outputTokens, usage.TryGetProperty(outputDetails, out var outs) ? Count(outs, "reasoning_tokens"u8) : 0)
        )
        {
            CacheWriteTokens = Math.Min(inputTokens - cached, Count(ins, "cache_write_tokens"u8)),
        };
    }

    /// <summary>A call's arguments as text; if a server sends an object, the object's raw text.</summary>
    public static string Arguments(JsonElement call)
    {
        foreach (var name in (ReadOnlySpan<string>)["arguments", "input", "parameters", "args"])
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
                return TolerantText.Of(value) ?? value.GetRawText();
        }

        return "";
    }

    /// <summary>A token count, sent as a number or as text; 0 (not counted) if absent, malformed or above the limit of one call.</summary>
    public static long Count(JsonElement owner, ReadOnlySpan<byte> name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out var value))
            return 0;
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TolerantText.Of(value);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count is >= 0 and <= MaxTokens
            ? (long)count
            : 0;
    }
}

/// <summary>An answer under construction. Any output of a model becomes a message that a dialogue can hold.</summary>
internal sealed class AnswerDraft(EndpointSpec spec)
{
    private const int LongestTier = 40;

    private readonly ImmutableArray<ToolCall>.Builder _calls = ImmutableArray.CreateBuilder<ToolCall>();

    public string? Text { get; init; }

    public string? Refusal { get; init; }

    public Reasoning? Reasoning { get; init; }

    /// <summary>The provider's reason: stop, length or content filter.</summary>
    public FinishReason Finish { get; init; }

    /// <summary>What goes back to the endpoint beside text and calls; null if there is nothing.</summary>
    public KeptFields? Kept { get; init; }

    /// <summary>Adds a call under the server's id; <see cref="CallIds"/> makes it unique later.</summary>
    public void Add(string? id, string? name, string arguments) => _calls.Add(new(id ?? "", name ?? "", arguments));

    /// <param name="tier">The tier that served the request, if the response does not name it at its root.</param>
    public ChatAnswer Finished(JsonElement root, Usage usage, string? tier = null)
    {
        var (given, reasoning) = Sorted();
        var said = AnswerText.Of(given);
        var text = string.IsNullOrWhiteSpace(given) && !string.IsNullOrEmpty(Refusal) ? Refusal : said.Speech;
        var message = new Message
        {
            Role = MessageRole.Assistant,
            Content =
                _calls.Count == 0 ? text ?? ""
                : string.IsNullOrEmpty(text) || text.Trim() is "None" or "null" ? null // Some servers spell a missing text so.
                : text,
            ToolCalls = _calls.ToImmutable(),
            Reasoning = said.Thoughts is { } thoughts ? With(thoughts) : reasoning,
            Kept = Kept,
        };
        return new(message, Reason(text), TolerantText.Of(root, "model"u8) ?? "", usage)
        {
            ServiceTier = Tier(tier ?? TolerantText.Of(root, "service_tier"u8)),
            LeaksThoughts = said.IsTakenApart,
            PlantedFault = spec.Rehearsal ? TolerantText.Of(root, "convosynth_planted_fault"u8) : null,
        };
    }

    // A server that enforces a schema may file the whole answer under thoughts.
    private (string? Text, Reasoning? Reasoning) Sorted() =>
        string.IsNullOrWhiteSpace(Text)
        && string.IsNullOrEmpty(Refusal)
        && _calls.Count == 0
        && Reasoning?.Text?.Trim() is ['{', .., '}'] json
        && Json.TryParse(json, out _, out _)
            ? (json, null)
            : (Text, Reasoning);

    // Thoughts from the text are echoed, if at all, under the name that most servers read. Some servers send them in both places.
    private Reasoning With(string thoughts) =>
        Reasoning switch
        {
            null => new(spec.Name, Json.Map(("reasoning_content", thoughts)), thoughts),
            { Text: { } shown } own when shown.Contains(thoughts, StringComparison.Ordinal) => own,
            { Text: { } shown } own => own with { Text = $"{shown}\n\n{thoughts}" },
            var own => own with { Text = thoughts },
        };

    // The name enters the ledger, so text that is no name is dropped.
    private static string? Tier(string? said) =>
        said is { Length: > 0 and <= LongestTier } && said.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? said : null;

    private FinishReason Reason(string? text) =>
        this switch
        {
            { Finish: not FinishReason.Stop } => Finish,
            { _calls.Count: > 1 } when !spec.ParallelToolCalls => FinishReason.ExtraCalls,
            { _calls.Count: > 0 } => FinishReason.ToolCalls,
            { Refusal.Length: > 0 } => FinishReason.Refusal,
            _ => string.IsNullOrWhiteSpace(text) ? FinishReason.Empty : FinishReason.Stop,
        };
}
