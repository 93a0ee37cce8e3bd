using System.Text.Json;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>The events of a streamed response, numbered in sequence.</summary>
internal sealed class ResponsesStream(Scratch scratch, Reply reply)
{
    private int _sequence;

    public void Write()
    {
        Response("response.created", isEnd: false);
        Response("response.in_progress", isEnd: false);
        var item = 0;
        if (reply.Answer.Text is { } text)
            Message(item++, text);
        for (var i = 0; i < reply.Answer.Calls.Length; i++)
            Call(item++, i);
        Response(reply.IsWhole ? "response.completed" : "response.incomplete", isEnd: true);
    }

    private void Message(int item, string text)
    {
        Item("response.output_item.added", item, json => ResponsesBody.WriteMessage(json, reply, null, "in_progress"));
        Part(
            "response.content_part.added",
            item,
            json =>
            {
                json.WritePropertyName("part"u8);
                ResponsesBody.WriteText(json, reply, "");
            }
        );
        foreach (var piece in TextPieces.Chunks(text))
            Part("response.output_text.delta", item, json => Text(json, "delta", piece));
        Part("response.output_text.done", item, json => Text(json, "text", text));
        Part(
            "response.content_part.done",
            item,
            json =>
            {
                json.WritePropertyName("part"u8);
                ResponsesBody.WriteText(json, reply, text);
            }
        );
        Item("response.output_item.done", item, json => ResponsesBody.WriteMessage(json, reply, text, ResponsesBody.StatusOf(reply)));
    }

    private void Call(int item, int index)
    {
        var arguments = reply.Answer.Calls[index].Arguments;
        Item("response.output_item.added", item, json => ResponsesBody.WriteCall(json, reply, index, "", "in_progress"));
        foreach (var piece in TextPieces.Chunks(arguments))
            Arguments("response.function_call_arguments.delta", item, index, "delta", piece);
        Arguments("response.function_call_arguments.done", item, index, "arguments", arguments);
        Item(
            "response.output_item.done",
            item,
            json => ResponsesBody.WriteCall(json, reply, index, arguments, ResponsesBody.StatusOf(reply))
        );
    }

    private void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteString(name, text);
        json.WritePropertyName("logprobs"u8);
        json.WriteLogprobs(reply.Asked.Logprobs ? text : "", reply.Asked.TopLogprobs);
    }

    private void Response(string type, bool isEnd) =>
        Event(
            type,
            json =>
            {
                json.WritePropertyName("response"u8);
                ResponsesBody.WriteResponse(json, reply, isEnd);
            }
        );

    private void Item(string type, int item, Action<Utf8JsonWriter> write) =>
        Event(
            type,
            json =>
            {
                json.WriteNumber("output_index"u8, item);
                json.WritePropertyName("item"u8);
                write(json);
            }
        );

    private void Part(string type, int item, Action<Utf8JsonWriter> write) =>
        Event(
            type,
            json =>
            {
                json.WriteString("item_id"u8, $"msg_{reply.Id}");
                json.WriteNumber("output_index"u8, item);
                json.WriteNumber("content_index"u8, 0);
                write(json);
            }
        );

    private void Arguments(string type, int item, int index, string name, string text) =>
        Event(
            type,
            json =>
            {
                json.WriteString("item_id"u8, ResponsesBody.CallId(reply, index));
                json.WriteNumber("output_index"u8, item);
                json.WriteString(name, text);
            }
        );

    private void Event(string type, Action<Utf8JsonWriter> write)
    {
        scratch.BeginEvent(System.Text.Encoding.ASCII.GetBytes(type));
        var json = scratch.Writer;
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, _sequence++);
        write(json);
        json.WriteEndObject();
        scratch.EndEvent();
    }
}
