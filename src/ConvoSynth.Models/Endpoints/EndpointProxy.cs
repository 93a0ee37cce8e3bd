using System.Net;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// The environment's proxy (<c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>NO_PROXY</c>), bypassed for servers on this machine, which a remote
/// proxy cannot reach.
/// </summary>
public sealed class EndpointProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => HttpClient.DefaultProxy.Credentials = value;
    }

    /// <summary>The proxy before an endpoint, without user and password; null if there is none.</summary>
    public static string? Of(EndpointSpec spec)
    {
        var address = EndpointAddress.Base(spec);
        return IsOwn(address) || HttpClient.DefaultProxy.IsBypassed(address)
            ? null
            : HttpClient.DefaultProxy.GetProxy(address)?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    public Uri? GetProxy(Uri destination) => IsOwn(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => IsOwn(host) || HttpClient.DefaultProxy.IsBypassed(host);

    // An unspecified address as a destination is this machine too.
    private static bool IsOwn(Uri uri) =>
        uri.IsLoopback
        || (
            IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        );
}
