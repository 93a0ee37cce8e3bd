using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;

namespace ConvoSynth.Serve.OpenEnv;

/// <summary>
/// OpenEnv's resets and steps on a session. Each gives the writer of its observation. An action is <c>{"type":"list_tools"}</c>,
/// <c>{"type":"call_tool","tool_name","arguments"}</c>, or <c>{"type":"message","text"}</c>, which is not OpenEnv's own.
/// </summary>
internal static class OpenEnvSteps
{
    private const int LongestId = 255;

    /// <exception cref="MessageException">A parameter has another form, or there is no such task.</exception>
    public static async ValueTask<Action<Utf8JsonWriter>> Reset(ServedSession session, JsonElement data)
    {
        Fields.Map(data, "data");
        var id = Fields.Text(data, "episode_id", "data");
        if (id?.Length > LongestId)
            throw new MessageException("string_too_long", "data.episode_id", $"String should have at most {LongestId} characters");
        var task = TaskChoice.Of(session.Environment.Tasks, data, "data");
        var episode = await session.Reset(task, id, null);
        return json => OpenEnvJson.WriteReset(json, episode);
    }

    /// <exception cref="MessageException">It is no action.</exception>
    /// <exception cref="NoEpisodeException">There was no reset.</exception>
    /// <exception cref="EpisodeOverException">The episode is done.</exception>
    public static async ValueTask<Action<Utf8JsonWriter>> Step(ServedSession session, JsonElement action)
    {
        Fields.Map(action, "data");
        if (action.TryGetProperty("metadata", out var metadata))
            Fields.Map(metadata, "data.metadata");
        switch (Fields.Text(action, "type", "data") ?? (action.TryGetProperty("tool_name", out _) ? "call_tool" : null))
        {
            case "list_tools":
                Fields.Only(action, "data", "type", "metadata");
                return json => OpenEnvJson.WriteTools(json, session.Environment, session.Episode);
            case "call_tool":
                Fields.Only(action, "data", "type", "tool_name", "arguments", "metadata");
                var tool = Fields.TextOf(Fields.Required(action, "tool_name", "data"), "data.tool_name");
                var arguments = action.TryGetProperty("arguments", out var given) ? Fields.Map(given, "data.arguments").GetRawText() : "{}";
                var called = await session.Act(tool, arguments);
                var episode = session.Episode!;
                return json => OpenEnvJson.WriteCall(json, episode, tool, called);
            case "message":
                Fields.Only(action, "data", "type", "text", "metadata");
                var said = await session.Say(Fields.TextOf(Fields.Required(action, "text", "data"), "data.text"));
                var spoken = session.Episode!;
                return json => OpenEnvJson.WriteAnswer(json, spoken, said);
            default:
                throw new MessageException("literal_error", "data.type", "Input should be 'list_tools', 'call_tool' or 'message'");
        }
    }
}
