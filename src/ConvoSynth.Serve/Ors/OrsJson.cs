using System.Text;
using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Ors;

/// <summary>ORS's answers. Source: ors/types.py of openrewardstandard/python-sdk.</summary>
internal static class OrsJson
{
    /// <summary>
    /// A task: flat, with the same keys in all tasks, because trainers make each key a column. It tells nothing of the solution.
    /// </summary>
    public static void WriteTask(Utf8JsonWriter json, ServedTask task, int place)
    {
        json.WriteStartObject();
        json.WriteString("task_id"u8, task.Id);
        json.WriteString("domain"u8, task.Domain);
        json.WriteString("split"u8, task.Split);
        json.WriteNumber("index"u8, place);
        json.WriteString("intent"u8, task.Intent);
        json.WriteString("slice"u8, task.Slice);
        json.WriteEndObject();
    }

    public static void WriteBlock(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteNull("detail"u8);
        json.WriteString("type"u8, "text"u8);
        json.WriteEndObject();
    }

    /// <summary><c>{"ok":true,"output":{"blocks","metadata","reward","finished"}}</c>.</summary>
    public static string Output(Move move, Episode episode) =>
        Text(json =>
        {
            json.WriteBoolean("ok"u8, true);
            json.WriteStartObject("output"u8);
            json.WriteStartArray("blocks"u8);
            WriteBlock(json, move.Text);
            json.WriteEndArray();
            json.WritePropertyName("metadata"u8);
            EpisodeJson.WriteMetadata(json, episode);
            EpisodeJson.WriteNumber(json, "reward"u8, episode.Reward?.Value);
            json.WriteBoolean("finished"u8, episode.IsDone);
            json.WriteEndObject();
        });

    /// <summary><c>{"ok":false,"error"}</c>.</summary>
    public static string Error(string error) =>
        Text(json =>
        {
            json.WriteBoolean("ok"u8, false);
            json.WriteString("error"u8, error);
        });

    private static string Text(Action<Utf8JsonWriter> fields)
    {
        using var frame = Frame.Of(json =>
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        });
        return Encoding.UTF8.GetString(frame.Bytes.Span);
    }
}
