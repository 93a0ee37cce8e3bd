using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Runs.Access;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Serve.Http;

/// <summary>
/// The token of a server. Clients differ in what they can send: OpenEnv's WebSocket only the password of an address, ORS's the header
/// <c>X-API-Key</c>.
/// </summary>
internal sealed class AccessToken(string token)
{
    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);
    private readonly BasicPassword _password = new(token);

    public bool IsIn(IHeaderDictionary headers)
    {
        if (headers["X-API-Key"].FirstOrDefault() is { } key && Is(key))
            return true;
        var authorization = headers.Authorization.FirstOrDefault();
        return _password.IsIn(authorization)
            || (
                AuthenticationHeaderValue.TryParse(authorization, out var value)
                && "Bearer".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase)
                && Is(value.Parameter ?? "")
            );
    }

    // The time taken does not tell how much of it is right.
    private bool Is(string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);
}
