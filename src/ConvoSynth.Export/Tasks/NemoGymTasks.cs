using System.Text.Json;

namespace ConvoSynth.Export.Tasks;

/// <summary>
/// NeMo Gym's rows for an environment that <c>env serve</c> serves: the prompt and the tools in the Responses API's form, with the human
/// as a tool, and the <c>task_id</c> that <c>/seed_session</c> begins. No row tells the solution. Source: workplace_assistant of
/// NVIDIA-NeMo/Gym.
/// </summary>
internal sealed class NemoGymTasks : TaskFormat
{
    public override string Name => "nemo-gym-env";

    public override string About => "NeMo Gym's rows for an environment of env serve (JSON lines)";

    protected override void Write(Utf8JsonWriter json, ExportedTask task)
    {
        var (system, human) = TaskVerdicts.OpeningOf(task.Row)!.Value;
        json.WriteStartObject();
        json.WriteString("task_id"u8, task.Id);
        json.WriteStartObject("responses_create_params"u8);
        json.WriteStartArray("input"u8);
        WriteMessage(json, "system"u8, system);
        WriteMessage(json, "user"u8, human);
        json.WriteEndArray();
        json.WriteStartArray("tools"u8);
        using (var tools = JsonDocument.Parse(task.Row.Tools))
        {
            foreach (var tool in tools.RootElement.EnumerateArray())
                WriteFunction(json, tool.GetProperty("function"u8).EnumerateObject().ToArray());
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, ReplyTool.Name);
        json.WriteString("description"u8, ReplyTool.Definition.Description);
        json.WritePropertyName("parameters"u8);
        json.WriteRawValue(ReplyTool.Definition.Parameters.ToString(), skipInputValidation: true);
        json.WriteBoolean("strict"u8, false);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls"u8, false);
        json.WriteEndObject();
        json.WriteStartObject("agent_ref"u8);
        json.WriteString("type"u8, "responses_api_agents"u8);
        json.WriteString("name"u8, "simple_agent"u8);
        json.WriteEndObject();
        WritePassRate(json, task);
        json.WriteEndObject();
    }

    private static void WriteFunction(Utf8JsonWriter json, JsonProperty[] fields)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        foreach (var field in fields)
            field.WriteTo(json);
        json.WriteBoolean("strict"u8, false);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }
}
