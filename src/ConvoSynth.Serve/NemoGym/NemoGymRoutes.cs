using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Mcp;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Serve.NemoGym;

/// <summary>
/// A resources server of NeMo Gym: <c>/seed_session</c> with a row begins its episode, each tool is a route, <c>/verify</c> gives the
/// reward. A cookie names the session. Source: nemo_gym/base_resources_server.py.
/// </summary>
internal sealed class NemoGymRoutes(ServedEnvironment environment, SessionTable sessions)
{
    private const string Cookie = "convosynth_session";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/seed_session", Seed);
        routes.MapPost("/verify", Verify);
        routes.MapPost("/aggregate_metrics", Aggregate);
        // A verdict needs the episode's own database, which ends with its session.
        routes.MapGet("/reverify_mode", (HttpContext c) => HttpJson.Write(c, json => json.WriteStringValue("unsupported"u8)));
        routes.MapPost("/{tool}", Call);
    }

    /// <summary>The session of a request's cookie, begun anew with the task of a row.</summary>
    /// <exception cref="MessageException">The row names no task.</exception>
    public async ValueTask<ServedSession> Begin(HttpContext context, JsonElement body, string? opening)
    {
        Fields.Map(body, "body");
        if (!body.TryGetProperty("task_id", out _) && !body.TryGetProperty("index", out _) && !body.TryGetProperty("seed", out _))
            throw new MessageException("missing", "body.task_id", "Field required");
        var task = TaskChoice.Of(environment.Tasks, body, "body");
        if (!sessions.TryUse(context.Request.Cookies[Cookie], out var session))
        {
            session = sessions.Open();
            context.Response.Cookies.Append(
                Cookie,
                session.Id,
                new()
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    Path = "/",
                }
            );
        }

        await session.Reset(task, null, opening);
        return session;
    }

    /// <exception cref="StatusException">There is no such session.</exception>
    public ServedSession SessionIn(HttpContext context) =>
        sessions.TryUse(context.Request.Cookies[Cookie], out var session)
            ? session
            : throw new StatusException(StatusCodes.Status400BadRequest, "Session not initialized. Please call seed_session first.");

    private async Task Seed(HttpContext context)
    {
        using var document = await HttpJson.Read(context);
        var session = await Begin(context, document.RootElement, ResponseItems.OpeningOf(Fields.Map(document.RootElement, "body")));
        await HttpJson.Write(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("mcp"u8);
                json.WriteString("server_name"u8, "convosynth"u8);
                json.WriteString("url_path"u8, "/mcp"u8);
                json.WriteString("transport"u8, "http"u8);
                json.WriteStartObject("headers"u8);
                json.WriteString(McpRoutes.NemoHeader, session.Id);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            }
        );
    }

    // The agent's program hands the body to the model as it is, so it is the observation alone.
    private async Task Call(HttpContext context)
    {
        var session = SessionIn(context);
        using var document = await HttpJson.Read(context);
        var arguments = Fields.Map(document.RootElement, "body").GetRawText();
        string text;
        try
        {
            var move = await session.Act((string)context.GetRouteValue("tool")!, arguments);
            text = move.Text;
            if (move.Fault == MoveFault.UnknownTool)
                context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        catch (EpisodeOverException e)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            text = $"Error: {e.Message}";
        }

        context.Response.ContentType = text is ['{' or '[', ..] ? HttpJson.Json : "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private async Task Verify(HttpContext context)
    {
        var session = SessionIn(context);
        using var document = await HttpJson.Read(context);
        var body = Fields.Map(document.RootElement, "body");
        var response = Fields.Map(Fields.Required(body, "response", "body"), "body.response");
        Fields.Map(Fields.Required(body, "responses_create_params", "body"), "body.responses_create_params");
        var episode = session.Episode ?? throw new NoEpisodeException(session.Failure);
        var reward = await session.InTurn(() => new ValueTask<EpisodeReward>(episode.Leave(LastWords(response))));
        await HttpJson.Write(context, json => NemoGymJson.WriteVerified(json, body, episode, reward));
        sessions.Close(session.Id);
    }

    // A message without a call ends the agent's loop, so the human has not heard it.
    private static string? LastWords(JsonElement response) =>
        response.TryGetProperty("output", out var output)
        && ResponseItems.Items(output).LastOrDefault() is { ValueKind: JsonValueKind.Object } last
        && ResponseItems.Is(last, "message"u8)
            ? ResponseItems.TextOf(last)
            : null;

    private static async Task Aggregate(HttpContext context)
    {
        using var document = await HttpJson.Read(context);
        var responses = Fields.Required(Fields.Map(document.RootElement, "body"), "verify_responses", "body");
        await HttpJson.Write(context, json => RewardMetrics.Write(json, ResponseItems.Items(responses)));
    }
}
