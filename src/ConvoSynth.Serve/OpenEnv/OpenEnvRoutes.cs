using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Mcp;
using ConvoSynth.Serve.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Serve.OpenEnv;

/// <summary>
/// OpenEnv's routes. The WebSocket <c>/ws</c> is an environment; <c>POST /reset</c> and <c>/step</c> have a new one for each request.
/// Source: OpenEnv's http_server.py and types.py.
/// </summary>
internal sealed class OpenEnvRoutes(ServedEnvironment environment, SessionTable sessions, TimeProvider time)
{
    private readonly McpCalls _mcp = new(environment, sessions);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metadata", context => HttpJson.Write(context, json => OpenEnvSchemas.WriteMetadata(json, environment)));
        routes.MapGet("/schema", context => HttpJson.Write(context, OpenEnvSchemas.WriteSchemas));
        routes.MapGet("/openapi.json", context => HttpJson.Write(context, OpenEnvSchemas.WriteOpenApi));
        routes.MapGet("/state", context => HttpJson.Write(context, json => OpenEnvJson.WriteState(json, null)));
        routes.MapGet("/mcp", Mcp);
        routes.Map("/ws", context => IfSocket(context, () => new SocketSession(sessions, time).Serve(context, Answer, Error)));
    }

    /// <summary><c>/mcp</c> as a WebSocket: a session whose episode begins with its first call, since MCP has no reset.</summary>
    public Task Mcp(HttpContext context) =>
        IfSocket(
            context,
            () =>
                new SocketSession(sessions, time).Serve(
                    context,
                    async (session, request) =>
                    {
                        var isCall =
                            request.ValueKind == JsonValueKind.Object
                            && request.TryGetProperty("method", out var method)
                            && method.ValueKind == JsonValueKind.String
                            && method.ValueEquals("tools/call"u8);
                        if (isCall && session.Episode is null)
                            await session.Reset(environment.Tasks.Next(), null, null);
                        return (await _mcp.Answer(request, session, null), false);
                    },
                    McpError
                )
        );

    /// <summary><c>POST /reset</c>: the first observation of an episode that ends with the request.</summary>
    public async Task Reset(HttpContext context, JsonElement body) =>
        await WithSession(context, session => OpenEnvSteps.Reset(session, body));

    /// <summary><c>POST /step</c>: an action on a new environment, in which only the tools can be listed.</summary>
    public async Task Step(HttpContext context, JsonElement body)
    {
        Fields.Map(body, "body");
        var action = Fields.Required(body, "action", "body");
        await WithSession(context, session => OpenEnvSteps.Step(session, action));
    }

    public static Task IfSocket(HttpContext context, Func<Task> serve)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return serve();
        throw new StatusException(StatusCodes.Status426UpgradeRequired, $"{context.Request.Path} is a WebSocket; open it as one");
    }

    private async Task WithSession(HttpContext context, Func<ServedSession, ValueTask<Action<Utf8JsonWriter>>> work)
    {
        var session = sessions.Open();
        try
        {
            await HttpJson.Write(context, await work(session));
        }
        catch (NoEpisodeException)
        {
            throw new MessageException(
                "value_error",
                "body.action",
                "each request has an environment of its own, which was not reset; play episodes over the WebSocket /ws"
            );
        }
        finally
        {
            sessions.Close(session.Id);
        }
    }

    private async ValueTask<(Frame?, bool)> Answer(ServedSession session, JsonElement message)
    {
        var type =
            Fields.Map(message, "message").TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String
                ? given.GetString()
                : "";
        switch (type)
        {
            case "reset":
                Fields.Only(message, "message", "type", "data");
                return (Observation(await OpenEnvSteps.Reset(session, Data(message) ?? Empty)), false);
            case "step":
                Fields.Only(message, "message", "type", "data");
                return (
                    Observation(
                        await OpenEnvSteps.Step(session, Data(message) ?? throw new MessageException("missing", "data", "Field required"))
                    ),
                    false
                );
            case "state":
                Fields.Only(message, "message", "type");
                return (Typed("state"u8, json => OpenEnvJson.WriteState(json, session)), false);
            case "close":
                Fields.Only(message, "message", "type");
                return (null, true);
            case "mcp":
                Fields.Only(message, "message", "type", "data");
                var request = Fields.Map(Fields.Required(message, "data", "message"), "data");
                using (var answer = await _mcp.Answer(request, session, null))
                    return answer is null ? (null, false) : (Typed("mcp"u8, json => json.WriteRawValue(answer.Bytes.Span)), false);
            default:
                return (OpenEnvError.Of(OpenEnvError.UnknownType, $"Unknown message type: {type}"), false);
        }
    }

    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private static JsonElement? Data(JsonElement message) => message.TryGetProperty("data", out var data) ? data : null;

    private static Frame Observation(Action<Utf8JsonWriter> write) => Typed("observation"u8, write);

    private static Frame Typed(ReadOnlySpan<byte> type, Action<Utf8JsonWriter> data)
    {
        var frame = Frame.Lend();
        frame.Json.WriteStartObject();
        frame.Json.WriteString("type"u8, type);
        frame.Json.WritePropertyName("data"u8);
        data(frame.Json);
        frame.Json.WriteEndObject();
        frame.Json.Flush();
        return frame;
    }

    private static Frame McpError(string code, Exception e) =>
        McpCalls.Error(
            null,
            e is CapacityException full
                ? new(RpcCode.Server, full.Message) { Sessions = (full.Active, full.Most) }
                : new(code == OpenEnvError.InvalidJson ? RpcCode.Parse : RpcCode.Server, e.Message)
        );

    private static Frame Error(string code, Exception e) =>
        e is MessageException or CapacityException ? OpenEnvError.Of(e) : OpenEnvError.Of(code, e.Message);
}
