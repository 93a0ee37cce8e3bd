using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;

namespace ConvoSynth.Serve.OpenEnv;

/// <summary>
/// OpenEnv's observations and state. A client keeps of an observation that is no tool's only the metadata, so what an agent must read
/// stands there too.
/// </summary>
internal static class OpenEnvJson
{
    /// <summary><c>{"observation":{…},"reward":r|null,"done":b}</c> after a reset.</summary>
    public static void WriteReset(Utf8JsonWriter json, Episode episode) =>
        WriteObservation(
            json,
            episode,
            () =>
            {
                json.WriteString("system_prompt"u8, episode.System);
                WriteMessage(json, episode, episode.Opening);
            }
        );

    /// <summary>After a message of the agent.</summary>
    public static void WriteAnswer(Utf8JsonWriter json, Episode episode, Move move) =>
        WriteObservation(json, episode, () => WriteMessage(json, episode, move.Text));

    /// <summary>After a call.</summary>
    public static void WriteCall(Utf8JsonWriter json, Episode episode, string tool, Move move) =>
        WriteObservation(
            json,
            episode,
            () =>
            {
                json.WriteString("tool_name"u8, tool);
                json.WriteString("result"u8, move.Fault is null ? move.Text : null);
                if (move.Fault is { } fault)
                {
                    json.WriteStartObject("error"u8);
                    json.WriteString("error_type"u8, fault == MoveFault.UnknownTool ? "tool_not_found"u8 : "invalid_args"u8);
                    json.WriteString("message"u8, move.Message);
                    json.WriteEndObject();
                }
                else
                {
                    json.WriteNull("error"u8);
                }

                json.WritePropertyName("metadata"u8);
                EpisodeJson.WriteMetadata(json, episode);
            }
        );

    /// <summary>The tools of an episode, or before it those of the first task.</summary>
    public static void WriteTools(Utf8JsonWriter json, ServedEnvironment environment, Episode? episode) =>
        WriteObservation(
            json,
            episode,
            () =>
            {
                EpisodeJson.WriteTools(json, environment.ToolsOf(episode?.Task ?? environment.Tasks.All[0]), "input_schema"u8);
                json.WriteStartObject("metadata"u8);
                json.WriteEndObject();
            }
        );

    public static void WriteState(Utf8JsonWriter json, ServedSession? session)
    {
        json.WriteStartObject();
        json.WriteString("episode_id"u8, session?.EpisodeId ?? (session?.Episode is null ? null : session.Id));
        json.WriteNumber("step_count"u8, session?.Episode?.Steps ?? 0);
        json.WriteString("task_id"u8, session?.Episode?.Task.Id);
        json.WriteBoolean("done"u8, session?.Episode?.IsDone ?? false);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, Episode episode, string message)
    {
        json.WriteString("message"u8, message);
        json.WriteStartObject("metadata"u8);
        json.WriteString("task_id"u8, episode.Task.Id);
        json.WriteString("message"u8, message);
        if (episode.Steps == 0)
            json.WriteString("system_prompt"u8, episode.System);
        if (episode.Reward is { } reward)
            EpisodeJson.WriteReward(json, reward);
        json.WriteEndObject();
    }

    private static void WriteObservation(Utf8JsonWriter json, Episode? episode, Action fields)
    {
        json.WriteStartObject();
        json.WriteStartObject("observation"u8);
        fields();
        json.WriteEndObject();
        EpisodeJson.WriteNumber(json, "reward"u8, episode?.Reward?.Value);
        json.WriteBoolean("done"u8, episode?.IsDone ?? false);
        json.WriteEndObject();
    }
}
