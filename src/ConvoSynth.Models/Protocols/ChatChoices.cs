using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Protocols;

/// <summary>
/// Merges the choices of a chat completion into one answer. Some gateways send the text in one choice and the calls in the next, or each
/// call in its own. Choices that hold two answers are an error.
/// </summary>
internal sealed class ChatChoices
{
    private readonly List<JsonElement> _messages = [];
    private bool _endsByCall;

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
        if (choices._messages.Exists(HasUnreadCalls))
            choices.Fails("a tool call in a form that is not known");
        else if (choices._messages.Exists(HasUnreadText))
            choices.Fails("a text in a form that is not known");
        else if (choices._endsByCall && !choices.Calls.Any() && !choices._messages.Exists(HasText))
            choices.Fails("no tool call, although it says that it ended by one");
        var withCalls = choices._messages.FindAll(static m => CallsOf(m).Any());
        if (choices._messages.Count > 1 && (withCalls.Count == 0 || (withCalls.Count > 1 && withCalls.Skip(1).Any(HasText))))
            choices.Fails("several choices where one was asked for");
        return choices;
    }

    /// <summary>The calls of all choices in order, each with its function. Equal calls with one id count once.</summary>
    public IEnumerable<(JsonElement Call, JsonElement Function)> Calls
    {
        get
        {
            var seen = new HashSet<(string, string)>();
            return _messages
                .SelectMany(CallsOf)
                .Where(c => TolerantText.Of(c.Call, "id"u8) is not { Length: > 0 } id || seen.Add((id, c.Function.GetRawText())));
        }
    }

    /// <summary>The first value that a choice has.</summary>
    public T? First<T>(Func<JsonElement, T?> read)
        where T : class => _messages.Select(read).FirstOrDefault(static found => found is not (null or ""));

    /// <summary>
    /// The extra fields of the message, and of each call in order, that go back to the endpoint; null if there are none.
    /// </summary>
    /// <param name="reasoning">Fields that go back by their own rule.</param>
    public KeptFields? Kept(EndpointSpec spec, string[] reasoning)
    {
        var fields = _messages.Select(m => Protocols.Kept.Others(m, Protocols.Kept.OfMessage, reasoning)).OfType<JsonMap>().ToArray();
        var calls = Calls
            .Select(c =>
                Json.Map(
                    ("call", Protocols.Kept.Others(c.Call, Protocols.Kept.OfCall) ?? Json.Null),
                    ("function", Protocols.Kept.Others(c.Function, Protocols.Kept.OfFunction) ?? Json.Null)
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
        _endsByCall |= TolerantText.Of(reason) is { } said && FinishWords.IsCall(said);
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
        var isAny = false;
        foreach (var call in Entries(message))
        {
            if (FunctionOf(call) is { } function && !IsBlank(function))
            {
                isAny = true;
                yield return (call, function);
            }
        }

        // The older form of a single call, which has no id.
        if (!isAny && message.TryGetProperty("function_call"u8, out var only) && only.ValueKind == JsonValueKind.Object)
            yield return (default, only);
    }

    // Some servers send a single call instead of a list, others send the calls as parts of the content.
    private static IEnumerable<JsonElement> Entries(JsonElement message)
    {
        if (!message.TryGetProperty("tool_calls"u8, out var calls) || calls.ValueKind == JsonValueKind.Null)
            return ResponseJson.Items(message, "content"u8).Where(IsCall);
        return calls.ValueKind switch
        {
            JsonValueKind.Array when calls.GetArrayLength() == 0 => ResponseJson.Items(message, "content"u8).Where(IsCall),
            JsonValueKind.Array => calls.EnumerateArray().Where(static c => c.ValueKind != JsonValueKind.Null),
            JsonValueKind.String when string.IsNullOrWhiteSpace(TolerantText.Of(calls)) => [],
            JsonValueKind.Object when FunctionOf(calls) is null => calls.EnumerateObject().Select(static p => p.Value),
            _ => [calls],
        };
    }

    private static bool IsCall(JsonElement part) =>
        TolerantText.Of(part, "type"u8) is "tool_use" or "tool_call" or "function_call" or "function" && FunctionOf(part) is not null;

    // Name and arguments stand in a nested object, or beside the call's id.
    private static JsonElement? FunctionOf(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var name in (ReadOnlySpan<string>)["function", "custom"])
        {
            if (call.TryGetProperty(name, out var function) && function.ValueKind == JsonValueKind.Object)
                return function;
        }

        return TolerantText.Of(call, "name"u8) is not null ? call : null;
    }

    // Some servers append an empty call.
    private static bool IsBlank(JsonElement function) =>
        string.IsNullOrWhiteSpace(TolerantText.Of(function, "name"u8)) && string.IsNullOrWhiteSpace(ResponseJson.Arguments(function));

    private static bool HasUnreadCalls(JsonElement message) => Entries(message).Any(static c => FunctionOf(c) is null);

    private static bool HasUnreadText(JsonElement message) =>
        message.TryGetProperty("content"u8, out var content)
        && content.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.String or JsonValueKind.Object => false,
            JsonValueKind.Array => content.GetArrayLength() > 0
                && !content.EnumerateArray().Any(static p => ContentParts.IsRead(p) || IsCall(p)),
            _ => true,
        };

    private static bool HasText(JsonElement message) =>
        message.TryGetProperty("content"u8, out var content)
        && (content.ValueKind == JsonValueKind.Array ? content.GetArrayLength() > 0 : !string.IsNullOrWhiteSpace(TolerantText.Of(content)));
}
