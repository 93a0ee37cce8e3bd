using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.Frames;

/// <summary>The parts of episodes that all protocols tell in the same words.</summary>
internal static class EpisodeJson
{
    /// <summary>
    /// What a client may want beside observation and reward. Of an episode that is done: <c>excluded</c>, the reason why it must not be
    /// trained on, or null; <c>components</c>, check → whether it passed; <c>failed</c>, the verdicts against the agent.
    /// </summary>
    public static void WriteMetadata(Utf8JsonWriter json, Episode episode)
    {
        json.WriteStartObject();
        json.WriteString("task_id"u8, episode.Task.Id);
        if (episode.Reward is { } reward)
            WriteReward(json, reward);
        json.WriteEndObject();
    }

    public static void WriteReward(Utf8JsonWriter json, EpisodeReward reward)
    {
        json.WriteString("excluded"u8, reward.Excluded);
        json.WriteStartObject("components"u8);
        foreach (var (check, passed) in reward.Components)
            json.WriteBoolean(check, passed);
        json.WriteEndObject();
        json.WriteStartArray("failed"u8);
        foreach (var failed in reward.Failed)
            json.WriteStringValue(failed);
        json.WriteEndArray();
    }

    /// <summary>A number, or null: before the end, and of an episode that is excluded.</summary>
    public static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    /// <summary>Tools, each with its JSON Schema under the name that a protocol gives it.</summary>
    public static void WriteTools(Utf8JsonWriter json, IReadOnlyList<ToolDefinition> tools, ReadOnlySpan<byte> schema)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            WriteValue(json, schema, tool.Parameters);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> name, Json value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.ToString(), skipInputValidation: true);
    }
}
