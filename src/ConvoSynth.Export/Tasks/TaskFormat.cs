using System.Text.Json;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Formats;

namespace ConvoSynth.Export.Tasks;

/// <summary>A format of tasks for reinforcement learning, one object a task in JSON lines.</summary>
internal abstract class TaskFormat : ExportFormat
{
    public IRecordFiles<ExportedTask> Begin(OutputFolder output, string split) =>
        new JsonLinesFile<ExportedTask>(output, $"{split}.jsonl", Write);

    protected abstract void Write(Utf8JsonWriter json, ExportedTask task);

    /// <summary>Writes how often the task was solved; nothing if no dialogue was decided.</summary>
    protected static void WritePassRate(Utf8JsonWriter json, ExportedTask task)
    {
        if (task.Counts.PassRate is { } rate)
            json.WriteNumber("pass_rate"u8, rate);
    }
}
