using System.Text.Json;
using ConvoSynth.Serve.Episodes;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Serve.Mcp;

/// <summary>
/// <c>/mcp</c> over HTTP: one request of JSON-RPC a POST, with the session in a header once <c>initialize</c> has given one. The server
/// sends nothing on its own, so there is no stream to GET.
/// </summary>
internal sealed class McpRoutes(ServedEnvironment environment, SessionTable sessions)
{
    /// <summary>The header of MCP's Streamable HTTP.</summary>
    public const string SessionHeader = "Mcp-Session-Id";

    /// <summary>The header of NeMo Gym's agents, with what <c>/seed_session</c> told them.</summary>
    public const string NemoHeader = "X-NeMo-Gym-Session-Token";

    private readonly McpCalls _calls = new(environment, sessions);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/mcp", Post);
        routes.MapDelete("/mcp", Delete);
    }

    private async Task Post(HttpContext context)
    {
        var given = IdIn(context);
        if (!sessions.TryUse(given, out var session) && given is not null)
            throw new StatusException(StatusCodes.Status404NotFound, "there is no such session; send initialize again");
        JsonDocument body;
        try
        {
            body = await HttpJson.Read(context);
        }
        catch (JsonException e)
        {
            using var wrong = McpCalls.Error(null, new(RpcCode.Parse, $"Parse error: {e.Message}"));
            await HttpJson.Write(context, wrong);
            return;
        }

        using (body)
        {
            using var answer = await _calls.Answer(
                body.RootElement,
                session,
                opened => context.Response.Headers[SessionHeader] = opened.Id
            );
            if (answer is null)
                context.Response.StatusCode = StatusCodes.Status202Accepted;
            else
                await HttpJson.Write(context, answer);
        }
    }

    private Task Delete(HttpContext context)
    {
        context.Response.StatusCode = sessions.Close(IdIn(context)) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static string? IdIn(HttpContext context) =>
        context.Request.Headers[SessionHeader].FirstOrDefault() ?? context.Request.Headers[NemoHeader].FirstOrDefault();
}
