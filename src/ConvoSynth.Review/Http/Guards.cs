using System.Net;
using ConvoSynth.Runs.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Review.Http;

/// <summary>What every request passes before a page sees it.</summary>
internal static class Guards
{
    // Dialogues are foreign text: nothing in them may run, load or frame anything.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    public static void UseGuards(this WebApplication app, ReviewSettings settings)
    {
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers.CacheControl = "no-store";
                return next(context);
            }
        );
        // On loopback, a foreign page could point a name of its own at this machine and read the answers.
        if (IPAddress.IsLoopback(settings.Address))
            app.Use(
                (context, next) =>
                {
                    if (IsLoopback(context.Request.Host.Host))
                        return next(context);
                    context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                    return Task.CompletedTask;
                }
            );
        if (settings.Password is { Length: > 0 } text)
        {
            var password = new BasicPassword(text);
            app.Use(
                (context, next) =>
                {
                    if (password.IsIn(context.Request.Headers.Authorization))
                        return next(context);
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    context.Response.Headers.WWWAuthenticate = BasicPassword.Challenge;
                    return Task.CompletedTask;
                }
            );
        }
    }

    private static bool IsLoopback(string host) =>
        host is "localhost" or "127.0.0.1" or "[::1]" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
