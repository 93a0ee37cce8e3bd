using System.Text.Json;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>
/// Writes answers in the format of Chat Completions: <c>chat.completion</c>, or a stream of <c>chat.completion.chunk</c>.
/// </summary>
internal static class ChatBody
{
    public static void Write(Scratch scratch, Reply reply)
    {
        var json = scratch.Writer;
        Begin(json, reply, "chat.completion"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, reply.Answer.Text);
        json.WriteNull("refusal"u8);
        if (!reply.Answer.Calls.IsEmpty)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in reply.Answer.Calls)
            {
                json.WriteStartObject();
                WriteCall(json, call, call.Arguments);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        WriteLogprobs(json, reply, reply.Answer.Text);
        json.WriteString("finish_reason"u8, NameOf(reply.Answer.Finish));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, reply);
        json.WritePlantedFault(reply.Answer);
        json.WriteEndObject();
        json.Flush();
    }

    public static void WriteStream(Scratch scratch, Reply reply)
    {
        Chunk(
            scratch,
            reply,
            null,
            (json, _) =>
            {
                json.WriteString("role"u8, "assistant"u8);
                json.WriteString("content"u8, reply.Answer.Text is null ? null : "");
            }
        );
        foreach (var piece in TextPieces.Chunks(reply.Answer.Text ?? ""))
            Chunk(scratch, reply, piece, static (json, piece) => json.WriteString("content"u8, piece));
        for (var i = 0; i < reply.Answer.Calls.Length; i++)
            Call(scratch, reply, i);
        Chunk(scratch, reply, null, static (_, _) => { }, NameOf(reply.Answer.Finish));
        if (reply.Asked.IncludeUsage)
            Usage(scratch, reply);
        scratch.Raw("data: [DONE]\n\n"u8);
    }

    private static void Call(Scratch scratch, Reply reply, int index)
    {
        var call = reply.Answer.Calls[index];
        Chunk(scratch, reply, null, (json, _) => Delta(json, index, () => WriteCall(json, call, "")));
        foreach (var piece in TextPieces.Chunks(call.Arguments))
        {
            Chunk(
                scratch,
                reply,
                null,
                (json, _) =>
                    Delta(
                        json,
                        index,
                        () =>
                        {
                            json.WriteStartObject("function"u8);
                            json.WriteString("arguments"u8, piece);
                            json.WriteEndObject();
                        }
                    )
            );
        }
    }

    private static void Delta(Utf8JsonWriter json, int index, Action write)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        write();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Chunk(Scratch scratch, Reply reply, string? text, Action<Utf8JsonWriter, string?> delta, string? finish = null)
    {
        scratch.BeginEvent();
        var json = scratch.Writer;
        Begin(json, reply, "chat.completion.chunk"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
        delta(json, text);
        json.WriteEndObject();
        WriteLogprobs(json, reply, text);
        json.WriteString("finish_reason"u8, finish);
        json.WriteEndObject();
        json.WriteEndArray();
        if (reply.Asked.IncludeUsage)
            json.WriteNull("usage"u8);
        if (finish is not null)
            json.WritePlantedFault(reply.Answer);
        json.WriteEndObject();
        scratch.EndEvent();
    }

    private static void Usage(Scratch scratch, Reply reply)
    {
        scratch.BeginEvent();
        Begin(scratch.Writer, reply, "chat.completion.chunk"u8);
        scratch.Writer.WriteStartArray("choices"u8);
        scratch.Writer.WriteEndArray();
        WriteUsage(scratch.Writer, reply);
        scratch.Writer.WriteEndObject();
        scratch.EndEvent();
    }

    private static void Begin(Utf8JsonWriter json, Reply reply, ReadOnlySpan<byte> kind)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"chatcmpl-{reply.Id}");
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, reply.Created);
        json.WriteString("model"u8, reply.Model);
        json.WriteString("system_fingerprint"u8, "fp_convosynth"u8);
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCall call, string arguments)
    {
        json.WriteString("id"u8, call.Id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
    }

    // Only text has logprobs, and only on request.
    private static void WriteLogprobs(Utf8JsonWriter json, Reply reply, string? text)
    {
        if (!reply.Asked.Logprobs || text is null)
        {
            json.WriteNull("logprobs"u8);
            return;
        }

        json.WriteStartObject("logprobs"u8);
        json.WritePropertyName("content"u8);
        json.WriteLogprobs(text, reply.Asked.TopLogprobs);
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Reply reply)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, reply.PromptTokens);
        json.WriteNumber("completion_tokens"u8, reply.CompletionTokens);
        json.WriteNumber("total_tokens"u8, reply.PromptTokens + reply.CompletionTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, reply.CachedTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string NameOf(FinishReason finish) =>
        finish switch
        {
            FinishReason.ToolCalls => "tool_calls",
            FinishReason.Length => "length",
            FinishReason.ContentFilter => "content_filter",
            _ => "stop",
        };
}
