using System.Text.Json;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Requests;

/// <summary>Extracts from a request's body what the answer depends on, in one pass that skips the rest.</summary>
internal static class RequestReading
{
    /// <exception cref="RefusedException">The body is not a valid request.</exception>
    public static RequestFacts Read(ReadOnlySpan<byte> body, Protocol protocol)
    {
        var facts = new RequestFacts();
        var reader = new Utf8JsonReader(body);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw RefusedException.Invalid("the body must be a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                Property(ref reader, facts, protocol);
            if (reader.Read())
                throw RefusedException.Invalid("the body goes on after its JSON object");
        }
        catch (JsonException e)
        {
            throw RefusedException.Invalid($"the body is no JSON at byte {reader.TokenStartIndex}: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw RefusedException.Invalid($"the value at byte {reader.TokenStartIndex} of the body has the wrong type");
        }

        if (facts.Messages.Length == 0)
            throw RefusedException.Invalid($"the body has no {(protocol == Protocol.Chat ? "messages" : "input")}");
        return facts;
    }

    private static void Property(ref Utf8JsonReader reader, RequestFacts facts, Protocol protocol)
    {
        if (reader.ValueTextEquals(protocol == Protocol.Chat ? "messages"u8 : "input"u8))
            facts.Messages = Conversation(ref reader, facts);
        else if (reader.ValueTextEquals("tools"u8))
            facts.Tools = JsonSteps.Value(ref reader);
        else if (reader.ValueTextEquals("model"u8))
            facts.Model = JsonSteps.Next(ref reader).GetString() ?? "";
        else if (reader.ValueTextEquals("metadata"u8))
            facts.Call = MetadataReading.Read(ref JsonSteps.Next(ref reader));
        else if (reader.ValueTextEquals("stream"u8))
            facts.Stream = JsonSteps.Flag(ref reader);
        else if (reader.ValueTextEquals("tool_choice"u8))
            facts.ForbidsTools = JsonSteps.Is(ref reader, "none"u8);
        else if (reader.ValueTextEquals("top_logprobs"u8))
            facts.TopLogprobs = JsonSteps.Whole(ref reader, "top_logprobs", 0, 20) ?? 0;
        else if (protocol == Protocol.Chat)
            ChatProperty(ref reader, facts);
        else
            ResponsesProperty(ref reader, facts);
    }

    private static void ChatProperty(ref Utf8JsonReader reader, RequestFacts facts)
    {
        if (reader.ValueTextEquals("max_completion_tokens"u8) || reader.ValueTextEquals("max_tokens"u8))
            facts.MaxOutputTokens = JsonSteps.Whole(ref reader, "max_completion_tokens", 1, int.MaxValue) ?? facts.MaxOutputTokens;
        else if (reader.ValueTextEquals("response_format"u8))
            Format(ref reader, facts);
        else if (reader.ValueTextEquals("logprobs"u8))
            facts.Logprobs = JsonSteps.Flag(ref reader);
        else if (reader.ValueTextEquals("stream_options"u8))
            StreamOptions(ref reader, facts);
        else if (reader.ValueTextEquals("n"u8))
            JsonSteps.RequireOne(ref reader);
        else
            JsonSteps.Value(ref reader);
    }

    private static void ResponsesProperty(ref Utf8JsonReader reader, RequestFacts facts)
    {
        if (reader.ValueTextEquals("max_output_tokens"u8))
            facts.MaxOutputTokens = JsonSteps.Whole(ref reader, "max_output_tokens", 1, int.MaxValue);
        else if (reader.ValueTextEquals("instructions"u8))
            facts.Instructions = JsonSteps.Value(ref reader);
        else if (reader.ValueTextEquals("text"u8))
            Text(ref reader, facts);
        else if (reader.ValueTextEquals("include"u8))
            facts.Logprobs = JsonSteps.Includes(ref reader, "message.output_text.logprobs"u8);
        else if (reader.ValueTextEquals("previous_response_id"u8))
            JsonSteps.RequireNull(ref reader);
        else
            JsonSteps.Value(ref reader);
    }

    // A conversation is a string, or a list of messages and items. The model's last turn is the last contiguous series of items by the
    // model.
    private static Slice Conversation(ref Utf8JsonReader reader, RequestFacts facts)
    {
        JsonSteps.Next(ref reader);
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.String)
            return new(start, (int)reader.BytesConsumed);
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RefusedException.Invalid("the conversation must be a list of messages");
        var wasOwn = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw RefusedException.Invalid("each message must be an object");
            var at = (int)reader.TokenStartIndex;
            var isOwn = IsOwn(ref reader, facts);
            if (isOwn && !wasOwn)
                facts.OwnLastTurn = at;
            wasOwn = isOwn;
        }

        return new(start, (int)reader.BytesConsumed);
    }

    private static bool IsOwn(ref Utf8JsonReader reader, RequestFacts facts)
    {
        var isOwn = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            if (!isRole && !reader.ValueTextEquals("type"u8))
            {
                JsonSteps.Value(ref reader);
                continue;
            }

            JsonSteps.Next(ref reader);
            if (reader.TokenType != JsonTokenType.String)
                throw RefusedException.Invalid("a message's role and type must be texts");
            if (isRole)
            {
                isOwn |= reader.ValueTextEquals("assistant"u8);
                facts.HasToolMessage |= reader.ValueTextEquals("tool"u8);
            }
            else
            {
                isOwn |= reader.ValueTextEquals("function_call"u8) || reader.ValueTextEquals("reasoning"u8);
                facts.HasToolMessage |= reader.ValueTextEquals("function_call_output"u8);
            }
        }

        return isOwn;
    }

    // response_format: {"type": "json_schema", "json_schema": {"schema": …}} or {"type": "json_object"}.
    private static void Format(ref Utf8JsonReader reader, RequestFacts facts)
    {
        if (!JsonSteps.BeginsObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("json_schema"u8))
                Format(ref reader, facts);
            else if (reader.ValueTextEquals("schema"u8))
                facts.Schema = JsonSteps.Value(ref reader);
            else if (reader.ValueTextEquals("type"u8))
                facts.Schema ??= JsonSteps.Is(ref reader, "json_object"u8) ? default(Slice) : null;
            else
                JsonSteps.Value(ref reader);
        }
    }

    // text: {"format": {"type": "json_schema", "schema": …}}.
    private static void Text(ref Utf8JsonReader reader, RequestFacts facts)
    {
        if (!JsonSteps.BeginsObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("format"u8))
                Format(ref reader, facts);
            else
                JsonSteps.Value(ref reader);
        }
    }

    private static void StreamOptions(ref Utf8JsonReader reader, RequestFacts facts)
    {
        if (!JsonSteps.BeginsObject(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("include_usage"u8))
                facts.IncludeUsage = JsonSteps.Flag(ref reader);
            else
                JsonSteps.Value(ref reader);
        }
    }
}
