using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ConvoSynth.Runs.Access;

/// <summary>A password that requests bring by HTTP's Basic scheme (RFC 7617), under any user name.</summary>
public sealed class BasicPassword(string password)
{
    /// <summary>What a server answers to a request without it, as the value of <c>WWW-Authenticate</c>.</summary>
    public const string Challenge = "Basic realm=\"convosynth\", charset=\"UTF-8\"";

    private readonly byte[] _password = Encoding.UTF8.GetBytes(password);

    /// <summary>
    /// Whether the value of an <c>Authorization</c> header brings the password. The time taken does not tell how much of it is right.
    /// </summary>
    public bool IsIn(string? header)
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
