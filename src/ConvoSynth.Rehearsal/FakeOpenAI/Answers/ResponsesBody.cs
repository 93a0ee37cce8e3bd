using System.Text.Json;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>
/// Writes answers in the format of the Responses API: a <c>response</c> object, or the stream of events that ends with it.
/// </summary>
internal static class ResponsesBody
{
    public static void Write(Scratch scratch, Reply reply)
    {
        WriteResponse(scratch.Writer, reply, isEnd: true);
        scratch.Writer.Flush();
    }

    public static void WriteStream(Scratch scratch, Reply reply) => new ResponsesStream(scratch, reply).Write();

    /// <param name="isEnd">Whether the response is finished; at the start of a stream it has no output.</param>
    internal static void WriteResponse(Utf8JsonWriter json, Reply reply, bool isEnd)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"resp_{reply.Id}");
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, reply.Created);
        json.WriteString("status"u8, !isEnd ? "in_progress" : StatusOf(reply));
        json.WriteNull("error"u8);
        WriteIncomplete(json, reply, isEnd);
        if (reply.Asked.MaxOutputTokens is { } most)
            json.WriteNumber("max_output_tokens"u8, most);
        else
            json.WriteNull("max_output_tokens"u8);
        json.WriteString("model"u8, reply.Model);
        json.WriteStartArray("output"u8);
        if (isEnd)
            WriteOutput(json, reply);
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls"u8, value: true);
        json.WriteNull("previous_response_id"u8);
        json.WriteBoolean("store"u8, value: false);
        if (isEnd)
            WriteUsage(json, reply);
        else
            json.WriteNull("usage"u8);
        if (isEnd)
            json.WritePlantedFault(reply.Answer);
        json.WriteEndObject();
    }

    internal static string StatusOf(Reply reply) => reply.IsWhole ? "completed" : "incomplete";

    internal static void WriteMessage(Utf8JsonWriter json, Reply reply, string? text, string status)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"msg_{reply.Id}");
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, status);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        if (text is not null)
            WriteText(json, reply, text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteText(Utf8JsonWriter json, Reply reply, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "output_text"u8);
        json.WriteString("text"u8, text);
        json.WriteStartArray("annotations"u8);
        json.WriteEndArray();
        json.WritePropertyName("logprobs"u8);
        json.WriteLogprobs(reply.Asked.Logprobs ? text : "", reply.Asked.TopLogprobs);
        json.WriteEndObject();
    }

    internal static void WriteCall(Utf8JsonWriter json, Reply reply, int index, string arguments, string status)
    {
        var call = reply.Answer.Calls[index];
        json.WriteStartObject();
        json.WriteString("id"u8, CallId(reply, index));
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("status"u8, status);
        json.WriteString("call_id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
    }

    internal static string CallId(Reply reply, int index) => $"fc_{reply.Id}{index}";

    private static void WriteOutput(Utf8JsonWriter json, Reply reply)
    {
        if (reply.Answer.Text is { } text)
            WriteMessage(json, reply, text, StatusOf(reply));
        for (var i = 0; i < reply.Answer.Calls.Length; i++)
            WriteCall(json, reply, i, reply.Answer.Calls[i].Arguments, StatusOf(reply));
    }

    private static void WriteIncomplete(Utf8JsonWriter json, Reply reply, bool isEnd)
    {
        if (!isEnd || reply.IsWhole)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, reply.Answer.Finish == FinishReason.ContentFilter ? "content_filter" : "max_output_tokens");
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Reply reply)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, reply.PromptTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, reply.CachedTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, reply.CompletionTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, reply.PromptTokens + reply.CompletionTokens);
        json.WriteEndObject();
    }
}
