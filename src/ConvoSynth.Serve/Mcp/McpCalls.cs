using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;

namespace ConvoSynth.Serve.Mcp;

/// <summary>
/// The Model Context Protocol as OpenEnv's clients speak it (<c>openenv/session/create</c> and <c>close</c>, <c>tools/list</c>,
/// <c>tools/call</c>) and as standard clients do (<c>initialize</c>, <c>ping</c>). MCP has no reset, so a session begins an episode when
/// it is made. Source: OpenEnv's http_server.py and mcp_types.py; MCP's specification of 2025-06-18.
/// </summary>
internal sealed class McpCalls(ServedEnvironment environment, SessionTable sessions)
{
    private const string Latest = "2025-06-18";
    private static readonly string[] Versions = ["2024-11-05", "2025-03-26", Latest];

    /// <summary>Answers one request.</summary>
    /// <param name="bound">The session of the connection; null for HTTP without a session's header.</param>
    /// <param name="opened">Told of a session that <c>initialize</c> opened.</param>
    /// <returns>Null for a notification.</returns>
    public async ValueTask<Frame?> Answer(JsonElement root, ServedSession? bound, Action<ServedSession>? opened)
    {
        JsonElement? id = null;
        try
        {
            var request = RpcRequest.Of(root);
            id = request.Id;
            if (request.IsNotification)
                return null;
            var result = await Result(request, bound, opened);
            return Frame.Of(json => RpcRequest.WriteAnswer(json, request.Id, result));
        }
        catch (MessageException e)
        {
            var code = id is null ? RpcCode.Request : RpcCode.Params;
            return Error(id, new(code, $"Invalid {(id is null ? "request" : "params")}: {string.Join('.', e.Place)}: {e.Message}"));
        }
        catch (RpcException e)
        {
            return Error(id, e);
        }
        catch (CapacityException e)
        {
            return Error(id, new(RpcCode.Server, e.Message) { Sessions = (e.Active, e.Most) });
        }
        catch (Exception e) when (e is NoEpisodeException or EpisodeOverException)
        {
            return Error(id, new(RpcCode.Server, e.Message));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Error(id, new(RpcCode.Internal, e.Message));
        }
    }

    public static Frame Error(JsonElement? id, RpcException error) => Frame.Of(json => RpcRequest.WriteError(json, id, error));

    private async ValueTask<Action<Utf8JsonWriter>> Result(RpcRequest request, ServedSession? bound, Action<ServedSession>? opened)
    {
        switch (request.Method)
        {
            case "initialize":
                return await Initialize(request, bound, opened);
            case "ping":
                return static _ => { };
            case "openenv/session/create":
                var session = bound ?? await Open(request.Params);
                return json => json.WriteString("session_id"u8, session.Id);
            case "openenv/session/close":
                return Close(request, bound);
            case "tools/list":
                var task = Of(request, bound)?.Episode?.Task ?? environment.Tasks.All[0];
                return json => EpisodeJson.WriteTools(json, environment.ToolsOf(task), "inputSchema"u8);
            case "tools/call":
                return await Call(request, Of(request, bound));
            default:
                throw new RpcException(RpcCode.Method, $"Method not found: {request.Method}");
        }
    }

    private async ValueTask<Action<Utf8JsonWriter>> Initialize(RpcRequest request, ServedSession? bound, Action<ServedSession>? opened)
    {
        var wanted = Fields.Text(request.Params, "protocolVersion", "params");
        var choice = request.Params.TryGetProperty("_meta", out var meta) && meta.ValueKind == JsonValueKind.Object ? meta : request.Params;
        var session = bound ?? await Open(choice);
        if (session.Episode is null)
            await session.Reset(TaskChoice.Of(environment.Tasks, choice, "params"), null, null);
        opened?.Invoke(session);
        var episode = session.Episode!;
        return json =>
        {
            json.WriteString("protocolVersion"u8, Versions.Contains(wanted, StringComparer.Ordinal) ? wanted : Latest);
            json.WriteStartObject("capabilities"u8);
            json.WriteStartObject("tools"u8);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("serverInfo"u8);
            json.WriteString("name"u8, "convosynth"u8);
            json.WriteString("version"u8, ServerVersion.Text);
            json.WriteEndObject();
            json.WriteString("instructions"u8, $"{episode.System}\n\nThe customer says: {episode.Opening}");
            json.WriteStartObject("_meta"u8);
            json.WriteString("task_id"u8, episode.Task.Id);
            json.WriteEndObject();
        };
    }

    private async ValueTask<ServedSession> Open(JsonElement choice)
    {
        var task = TaskChoice.Of(environment.Tasks, choice, "params");
        var session = sessions.Open();
        try
        {
            await session.Reset(task, null, null);
            return session;
        }
        catch
        {
            sessions.Close(session.Id);
            throw;
        }
    }

    private Action<Utf8JsonWriter> Close(RpcRequest request, ServedSession? bound)
    {
        if (Fields.Text(request.Params, "session_id", "params") is not { Length: > 0 } id)
            throw new RpcException(RpcCode.Params, "Invalid params - 'session_id' is required");
        if (bound?.Id == id)
            throw new RpcException(RpcCode.Request, "Cannot close active WebSocket-managed session via MCP method");
        if (!sessions.Close(id))
            throw new RpcException(RpcCode.Params, $"Unknown session_id: {id}");
        return json =>
        {
            json.WriteString("session_id"u8, id);
            json.WriteBoolean("closed"u8, true);
        };
    }

    private ServedSession? Of(RpcRequest request, ServedSession? bound)
    {
        if (bound is not null || Fields.Text(request.Params, "session_id", "params") is not { } id)
            return bound;
        return sessions.TryUse(id, out var session) ? session : throw new RpcException(RpcCode.Params, $"Unknown session_id: {id}");
    }

    private static async ValueTask<Action<Utf8JsonWriter>> Call(RpcRequest request, ServedSession? session)
    {
        if (Fields.Text(request.Params, "name", "params") is not { Length: > 0 } name)
            throw new RpcException(RpcCode.Params, "Missing 'name' in params");
        var arguments =
            request.Params.TryGetProperty("arguments", out var given) && given.ValueKind != JsonValueKind.Null
                ? Fields.Map(given, "params.arguments").GetRawText()
                : "{}";
        if (session is null)
            throw new RpcException(RpcCode.Server, "a call needs a session: send initialize, or openenv/session/create, first");
        var move = await session.Act(name, arguments);
        var episode = session.Episode!;
        // An error has no reward: a move that ended the episode is told as a result, whatever it was.
        if (move.Fault == MoveFault.UnknownTool && !episode.IsDone)
            throw new RpcException(RpcCode.Params, $"Tool not found: {name}");
        return json =>
        {
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, move.Text);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteBoolean("isError"u8, move.Text.StartsWith("Error:", StringComparison.Ordinal));
            // OpenEnv's client returns this field.
            json.WriteString("data"u8, move.Text);
            json.WriteStartObject("_meta"u8);
            json.WriteBoolean("done"u8, episode.IsDone);
            EpisodeJson.WriteNumber(json, "reward"u8, episode.Reward?.Value);
            json.WritePropertyName("metadata"u8);
            EpisodeJson.WriteMetadata(json, episode);
            json.WriteEndObject();
        };
    }
}
