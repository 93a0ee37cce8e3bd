using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Export.Tasks;

/// <summary>
/// Tasks with their solutions: <c>prompt</c> and <c>tools</c> in OpenAI's form, <c>gold</c> calls, accepted end states, outputs and
/// refusals, the <c>checks</c> that decide, and <c>pass_rate</c> over the exported runs. For a trainer's own environment; a served one
/// needs the <c>task_id</c> alone.
/// </summary>
internal sealed class RlTasks : TaskFormat
{
    public override string Name => "rl-tasks";

    public override string About => "tasks with gold, checks and pass rate, for reinforcement learning (JSON lines)";

    protected override void Write(Utf8JsonWriter json, ExportedTask task)
    {
        var blueprint = RowConversation.BlueprintOf(task.Row);
        json.WriteStartObject();
        json.WriteString("task_id"u8, task.Id);
        json.WriteString("domain"u8, task.Row.Domain);
        json.WriteString("intent"u8, task.Row.Intent);
        json.WriteString("slice"u8, task.Row.Slice);
        json.WriteString("shape"u8, blueprint.Shape);
        json.WriteString("family_id"u8, task.Row.FamilyId);
        json.WriteStartArray("prompt"u8);
        foreach (var message in task.Prompt)
            json.WriteRawValue(message.Span, skipInputValidation: true);
        json.WriteEndArray();
        json.WritePropertyName("tools"u8);
        json.WriteRawValue(task.Row.Tools.Span, skipInputValidation: true);
        json.WriteStartArray("gold"u8);
        foreach (var action in blueprint.Actions)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, action.Tool);
            Write(json, "arguments"u8, action.Arguments);
            json.WriteBoolean("writes"u8, action.Writes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("accepted_end_states"u8);
        json.WriteRawValue(task.Row.AcceptedEndStates.Span, skipInputValidation: true);
        json.WriteStartArray("outputs"u8);
        foreach (var output in blueprint.Outputs)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, output.Type);
            Write(json, "value"u8, output.Value);
            Write(json, "accepted"u8, Json.List(output.Accepted));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("refusals"u8);
        foreach (var refusal in blueprint.Refusals)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, refusal.Tool);
            Write(json, "arguments"u8, refusal.Arguments);
            json.WriteString("clause"u8, refusal.Clause);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("checks"u8);
        foreach (var check in TaskVerdicts.Of(task.Row).Select(v => v.Name).Distinct(StringComparer.Ordinal))
            json.WriteStringValue(check);
        json.WriteEndArray();
        json.WriteStartObject("dialogues"u8);
        json.WriteNumber("accepted"u8, task.Counts.Accepted);
        json.WriteNumber("undecided"u8, task.Counts.Undecided);
        json.WriteNumber("rejected"u8, task.Counts.Rejected);
        json.WriteEndObject();
        WritePassRate(json, task);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Json value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.ToString(), skipInputValidation: true);
    }
}
