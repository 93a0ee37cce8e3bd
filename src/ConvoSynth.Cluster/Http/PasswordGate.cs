using ConvoSynth.Runs.Access;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Cluster.Http;

/// <summary>Lets a request through that brings the password.</summary>
internal sealed class PasswordGate(RequestDelegate next, string password)
{
    private readonly BasicPassword _password = new(password);

    public Task InvokeAsync(HttpContext context)
    {
        if (_password.IsIn(context.Request.Headers.Authorization))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = BasicPassword.Challenge;
        return Task.CompletedTask;
    }
}
