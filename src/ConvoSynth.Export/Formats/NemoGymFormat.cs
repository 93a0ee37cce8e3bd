using System.Text.Json;
using ConvoSynth.Export.Examples;
using ConvoSynth.Export.Losses;

namespace ConvoSynth.Export.Formats;

/// <summary>
/// NeMo Gym's rows for single steps of tool use: the conversation so far in the items of OpenAI's Responses API, and the action that the
/// agent took next as <c>expected_action</c>. One row for each answer to learn from. Source: the resources server
/// single_step_tool_use_with_argument_comparison of NVIDIA-NeMo/Gym.
/// </summary>
internal sealed class NemoGymFormat : JsonLinesFormat
{
    public override string Name => "nemo-gym";

    public override string About => "NeMo Gym's single steps of tool use, one row an answer (JSON lines)";

    public override bool IsOfTurns => true;

    public override Holds HoldsOf(bool eachTurn) => Holds.Masks | Holds.ParallelCalls | Holds.TextBesideCalls | Holds.CallIds;

    protected override void Write(Utf8JsonWriter json, Example example, bool eachTurn)
    {
        json.WriteStartObject();
        json.WriteStartObject("responses_create_params"u8);
        json.WriteStartArray("input"u8);
        foreach (var message in example.Context)
            WriteItems(json, message);
        json.WriteEndArray();
        if (!example.Tools.IsEmpty)
            WriteFunctions(json, example.Tools);
        json.WriteBoolean("parallel_tool_calls"u8, example.Messages.Any(m => m.Calls.Count > 1));
        json.WriteEndObject();
        json.WritePropertyName("expected_action"u8);
        WriteAction(json, example.Last);
        json.WriteStartObject("agent_ref"u8);
        json.WriteString("type"u8, "responses_api_agents"u8);
        json.WriteString("name"u8, "simple_agent"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Speaker == Speaker.Tool)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function_call_output"u8);
            json.WriteString("call_id"u8, message.CallId ?? "");
            json.WriteString("output"u8, message.Text ?? "");
            json.WriteEndObject();
            return;
        }

        if (message.Calls.Count == 0 || !string.IsNullOrEmpty(message.Text))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message"u8);
            json.WriteString("role"u8, RoleOf(message.Speaker));
            json.WriteString("content"u8, message.Text ?? "");
            json.WriteEndObject();
        }

        foreach (var call in message.Calls)
            WriteCall(json, call, call.Id);
    }

    private static void WriteAction(Utf8JsonWriter json, ChatMessage last)
    {
        if (last.Calls.Count == 1)
        {
            WriteCall(json, last.Calls[0], null);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, last.Calls.Count == 0 ? "message"u8 : "function_call_batch"u8);
        if (last.Calls.Count == 0)
            json.WriteString("content"u8, last.Text ?? "");
        else
        {
            json.WriteStartArray("calls"u8);
            foreach (var call in last.Calls)
                WriteCall(json, call, null);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, ChatCall call, string? id)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call"u8);
        if (id is not null)
            json.WriteString("call_id"u8, id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("arguments"u8);
        MessageForm.WriteArguments(json, call.Arguments, asText: true);
        json.WriteEndObject();
    }

    private static void WriteFunctions(Utf8JsonWriter json, ReadOnlyMemory<byte> tools)
    {
        using var list = JsonDocument.Parse(tools);
        json.WriteStartArray("tools"u8);
        foreach (var tool in list.RootElement.EnumerateArray())
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            foreach (var field in tool.GetProperty("function"u8).EnumerateObject())
                field.WriteTo(json);
            json.WriteBoolean("strict"u8, false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> RoleOf(Speaker speaker) =>
        speaker switch
        {
            Speaker.System => "system"u8,
            Speaker.User => "user"u8,
            _ => "assistant"u8,
        };
}
