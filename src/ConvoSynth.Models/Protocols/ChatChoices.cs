using System.Text.Json;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Merges the choices of a chat completion into one answer. Some gateways send the text in one choice and the calls in the next, or each
/// call in its own. Choices that hold two answers are an error.
/// </summary>
internal sealed class ChatChoices
{
    private readonly List<JsonElement> _messages = [];

    private ChatChoices() { }

    /// <summary>Why the answer is not whole, as the end of "answered with …"; null if it is whole.</summary>
    public string? Problem { get; private set; }

    /// <summary>An answer that is not whole counts as cut off.</summary>
    public FinishReason Finish { get; private set; } = FinishReason.Stop;

    /// <summary>Null if the response is not a completion.</summary>
    public static ChatChoices? Of(JsonElement root)
    {
        var choices = new ChatChoices();
        foreach (var choice in ResponseJson.Items(root, "choices"u8))
        {
            if (choice.ValueKind != JsonValueKind.Object)
                continue;
            choices.End(choice);
            if (choice.TryGetProperty("message"u8, out var message) && message.ValueKind == JsonValueKind.Object)
                choices._messages.Add(message);
        }

        if (choices._messages.Count == 0)
            return null;
        var withCalls = choices._messages.FindAll(static m => CallsOf(m).Any());
        if (choices._messages.Count > 1 && (withCalls.Count == 0 || (withCalls.Count > 1 && withCalls.Skip(1).Any(HasText))))
            choices.Fails("several choices where one was asked for");
        return choices;
    }

    /// <summary>The calls of all choices in order, each with its function.</summary>
    public IEnumerable<(JsonElement Call, JsonElement Function)> Calls => _messages.SelectMany(CallsOf);

    /// <summary>The first value that a choice has.</summary>
    public T? First<T>(Func<JsonElement, T?> read)
        where T : class => _messages.Select(read).FirstOrDefault(static found => found is not (null or ""));

    /// <summary>
    /// The extra fields of the message, and of each call in order, that go back to the endpoint; null if there are none.
    /// </summary>
    /// <param name="reasoning">Fields that go back by their own rule.</param>
    public KeptFields? Kept(EndpointSpec spec, string[] reasoning)
    {
        var fields = _messages.Select(m => Models.Kept.Others(m, Models.Kept.OfMessage, reasoning)).OfType<JsonMap>().ToArray();
        var calls = Calls
            .Select(c =>
                Json.Map(
                    ("call", Models.Kept.Others(c.Call, Models.Kept.OfCall) ?? Json.Null),
                    ("function", Models.Kept.Others(c.Function, Models.Kept.OfFunction) ?? Json.Null)
                )
            )
            .ToArray();
        if (fields.Length == 0 && calls.All(static c => c["call"].IsNull && c["function"].IsNull))
            return null;
        return new(
            spec.Name,
            Json.Map(
                ("message", JsonMap.Create(fields.SelectMany(static f => f.Keys.Zip(f.Values, KeyValuePair.Create)))),
                ("calls", Json.List(calls))
            )
        );
    }

    private void End(JsonElement choice)
    {
        // Some servers never send a finish reason; a null finish reason means that the answer has not ended.
        if (!choice.TryGetProperty("finish_reason"u8, out var reason))
            return;
        if (TolerantText.Of(reason) is not { } word)
            Fails("an answer that does not say why it ended");
        else if (FinishWords.Of(word) is not { } finish)
            Fails($"an answer that ended by {FinishWords.Shown(word)}");
        else
            Worsen(finish);
        var native =
            TolerantText.Of(choice, "native_finish_reason"u8)
            ?? (choice.TryGetProperty("provider_specific_fields"u8, out var more) ? TolerantText.Of(more, "native_finish_reason"u8) : null);
        if (native is null)
            return;
        if (FinishWords.IsBroken(native))
            Fails($"an answer that ended by {FinishWords.Shown(native)}");
        else if (FinishWords.Of(native) is { } behind)
            Worsen(behind);
    }

    private void Fails(string problem)
    {
        Problem ??= problem;
        Worsen(FinishReason.Length);
    }

    private void Worsen(FinishReason finish)
    {
        if (Finish == FinishReason.Stop)
            Finish = finish;
    }

    private static IEnumerable<(JsonElement Call, JsonElement Function)> CallsOf(JsonElement message)
    {
        foreach (var call in ResponseJson.Items(message, "tool_calls"u8))
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function"u8, out var function))
                yield return (call, function);
        }

        // The older form of a single call, which has no id.
        if (
            !ResponseJson.Items(message, "tool_calls"u8).Any()
            && message.TryGetProperty("function_call"u8, out var only)
            && only.ValueKind == JsonValueKind.Object
        )
            yield return (default, only);
    }

    private static bool HasText(JsonElement message) =>
        message.TryGetProperty("content"u8, out var content)
        && (content.ValueKind == JsonValueKind.Array ? content.GetArrayLength() > 0 : !string.IsNullOrWhiteSpace(TolerantText.Of(content)));
}
