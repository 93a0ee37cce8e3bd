using System.Text.Json;

namespace ConvoSynth.Export.Examples;

internal enum Speaker
{
    System,
    User,
    Assistant,
    Tool,
}

/// <param name="Arguments">An object; a text if the model's arguments were no JSON object.</param>
internal readonly record struct ChatCall(string Id, string Name, JsonElement Arguments);

/// <summary>One message of a row. Its fields are parsed when a format first asks for them: a format that copies cells needs none.</summary>
internal sealed class ChatMessage
{
    private JsonElement? _parsed;

    public ChatMessage(ReadOnlyMemory<byte> cell, bool train)
    {
        (Cell, Train) = (cell, train);
        Speaker = SpeakerOf(cell.Span);
    }

    /// <summary>The message as the row has it: a document in the OpenAI chat format, with arguments as objects.</summary>
    public ReadOnlyMemory<byte> Cell { get; }

    /// <summary>
    /// The message with an empty content if the row has none, as an answer that only calls: some templates read the content of every
    /// message.
    /// </summary>
    public ReadOnlyMemory<byte> FilledCell => HasContent(Cell.Span) ? Cell : (byte[])[.. "{\"content\":\"\","u8, .. Cell.Span[1..]];

    public Speaker Speaker { get; }

    /// <summary>Whether a trainer is to learn from the message.</summary>
    public bool Train { get; }

    public string? Text => TextOf("content"u8);

    public string? CallId => TextOf("tool_call_id"u8);

    public string? Name => TextOf("name"u8);

    public string? Reasoning => TextOf("reasoning_content"u8);

    public IReadOnlyList<ChatCall> Calls => field ??= CallsOf();

    /// <summary>Whether two messages say and call the same. Ids of calls do not count: endpoints draw them at random.</summary>
    public bool SaysTheSameAs(ChatMessage other) =>
        Speaker == other.Speaker
        && (Text ?? "") == (other.Text ?? "")
        && Calls.Count == other.Calls.Count
        && Calls
            .Zip(other.Calls)
            .All(pair => pair.First.Name == pair.Second.Name && JsonElement.DeepEquals(pair.First.Arguments, pair.Second.Arguments));

    private JsonElement Parsed
    {
        get
        {
            if (_parsed is not { } parsed)
            {
                using var document = JsonDocument.Parse(Cell);
                _parsed = parsed = document.RootElement.Clone();
            }

            return parsed;
        }
    }

    private string? TextOf(ReadOnlySpan<byte> name) =>
        Parsed.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private List<ChatCall> CallsOf()
    {
        List<ChatCall> calls = [];
        if (Speaker != Speaker.Assistant || !Parsed.TryGetProperty("tool_calls"u8, out var all) || all.ValueKind != JsonValueKind.Array)
            return calls;
        foreach (var call in all.EnumerateArray())
        {
            var function = call.GetProperty("function"u8);
            calls.Add(
                new(call.GetProperty("id"u8).GetString()!, function.GetProperty("name"u8).GetString()!, function.GetProperty("arguments"u8))
            );
        }

        return calls;
    }

    private static bool HasContent(ReadOnlySpan<byte> cell)
    {
        var reader = new Utf8JsonReader(cell);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
                return true;
            reader.Skip();
        }

        return false;
    }

    private static Speaker SpeakerOf(ReadOnlySpan<byte> cell)
    {
        var reader = new Utf8JsonReader(cell);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            reader.Read();
            if (!isRole)
            {
                reader.Skip();
                continue;
            }

            return reader.GetString() switch
            {
                "system" => Speaker.System,
                "user" => Speaker.User,
                "assistant" => Speaker.Assistant,
                "tool" => Speaker.Tool,
                var other => throw new FormatException($"a message has the role \"{other}\""),
            };
        }

        throw new FormatException("a message has no role");
    }
}
