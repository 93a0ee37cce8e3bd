using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Cluster.Http;

/// <summary>Lets a request through that brings the password by HTTP's Basic scheme (RFC 7617), under any user name.</summary>
internal sealed class PasswordGate(RequestDelegate next, string password)
{
    private readonly byte[] _password = Encoding.UTF8.GetBytes(password);

    public Task InvokeAsync(HttpContext context)
    {
        if (IsAllowed(context.Request.Headers.Authorization))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"convosynth\", charset=\"UTF-8\"";
        return Task.CompletedTask;
    }

    private bool IsAllowed(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var given = new byte[value.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(value.Parameter ?? "", given, out var length))
            return false;
        var colon = given.AsSpan(0, length).IndexOf((byte)':');
        return colon >= 0 && CryptographicOperations.FixedTimeEquals(given.AsSpan(colon + 1, length - colon - 1), _password);
    }
}
