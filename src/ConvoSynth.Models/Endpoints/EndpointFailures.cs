using System.Net.Sockets;
using System.Security.Authentication;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Classifies an endpoint's failures: whether each is transient, and a sentence for people. A provider's own message is never repeated,
/// since it may quote the key or the prompt. Its error code is shown if it looks like one.
/// </summary>
internal sealed class EndpointFailures(EndpointSpec spec)
{
    private string Where => $"endpoint \"{spec.Name}\"";

    public EndpointException OfStatus(int status, ErrorDocument? error, TimeSpan? retryAfter, double seconds)
    {
        var code = error?.Code;
        var said = code is null ? $"({status})" : $"({status}, {code})";
        var key = EndpointKeys.Source(spec);
        var (reason, message, kind) = error?.MeaningAt(status) switch
        {
            ErrorMeaning.Credit => (
                code ?? "no_credit",
                $"{Where} says that the account has no credit left {said}; see to its billing",
                Kind.Unavailable
            ),
            ErrorMeaning.RateLimit => (
                "429",
                $"{Where} is asked too often {said}; lower requests_per_minute or tokens_per_minute",
                Kind.Transient
            ),
            ErrorMeaning.Access => (
                $"{status}",
                $"{Where} knows no model \"{spec.Model}\", or refuses {key} {said}; check both",
                Kind.Unavailable
            ),
            ErrorMeaning.Overload when status < 500 => (status < 300 ? "error" : $"{status}", $"{Where} failed {said}", Kind.Transient),
            _ => ByStatus(status, error, said, key),
        };
        return Make(reason, message, kind, seconds, retryAfter: retryAfter);
    }

    private (string Reason, string Message, Kind Kind) ByStatus(int status, ErrorDocument? error, string said, string key) =>
        status switch
        {
            < 300 => ("error", $"{Where} answered with an error {said}", Kind.Transient),
            400 or 413 or 422 => (
                $"{status}",
                $"{Where} does not accept the request {said}; a setting, an extra body field or a tool's schema does not "
                    + $"suit the model \"{spec.Model}\"",
                Kind.Terminal
            ),
            401 => (
                "401",
                $"{Where} refuses {key} {said}; check that it is right and belongs to {EndpointAddress.Shown(spec)}",
                Kind.Unavailable
            ),
            403 => (
                "403",
                $"{Where} does not allow the model \"{spec.Model}\" to who signs in with {key} {said}; ask for access, or use another",
                Kind.Unavailable
            ),
            404 when error is { KnowsProtocol: true } => (
                "404",
                $"{Where} knows no model \"{spec.Model}\" {said}; "
                    + $"check `model`{(spec.Provider == EndpointProvider.AzureOpenAI ? ", which is the deployment's name" : "")}",
                Kind.Unavailable
            ),
            404 or 405 => ($"{status}", $"{Where} has nothing at {EndpointAddress.Shown(spec)} {said}; check `url`", Kind.Unavailable),
            402 => ("402", $"{Where} asks to be paid first {said}; see to the account's billing", Kind.Unavailable),
            407 => (
                "407",
                $"{Where}: the proxy {EndpointProxy.Of(spec) ?? "on the way"} wants a sign-in {said}; set it in HTTP_PROXY or HTTPS_PROXY",
                Kind.Unavailable
            ),
            429 => ("429", $"{Where} is asked too often {said}; lower requests_per_minute or tokens_per_minute", Kind.Transient),
            408 or 409 or 425 or 500 or (>= 502 and <= 504) or (> 505 and <= 599) => (
                $"{status}",
                $"{Where} failed {said}{ByProxy(status)}",
                Kind.Transient
            ),
            >= 300 and < 400 => ($"{status}", $"{Where} points elsewhere {said}; set `url` to where it points", Kind.Unavailable),
            _ => ($"{status}", $"{Where} answered what no model answers {said}; check `url`", Kind.Unavailable),
        };

    // A gateway's status may come from the proxy.
    private string ByProxy(int status) =>
        status is 502 or 503 or 504 && EndpointProxy.Of(spec) is { } proxy ? $", through the proxy {proxy}" : "";

    public EndpointException OfTimeout(double seconds) =>
        Make("timeout", $"{Where} did not answer within {spec.TimeoutSeconds} s", Kind.Transient, seconds);

    public EndpointException OfContentType(string shown, double seconds) =>
        Make(
            "content-type",
            $"{Where} answered with {shown} instead of JSON; something else than a model may stand at {EndpointAddress.Shown(spec)}",
            Kind.Transient,
            seconds
        );

    public EndpointException OfMalformed(string what, double seconds) =>
        Make("malformed", $"{Where} answered with {what}", Kind.Transient, seconds);

    /// <param name="known">Whether the endpoint has answered before: a host name that resolved once is expected to resolve again.</param>
    public EndpointException OfNoAnswer(Exception e, bool known, double seconds)
    {
        var host = EndpointAddress.Base(spec).Authority;
        var http = Find<HttpRequestException>(e);
        if (Find<AuthenticationException>(e) is { } tls)
            return OfTls(tls, host, seconds);
        if (
            http?.HttpRequestError == HttpRequestError.NameResolutionError
            || Find<SocketException>(e)?.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData
        )
            return Make(
                "unknown-host",
                $"{Where}: "
                    + $"the host {host} is not known{(EndpointProxy.Of(spec) is { } proxy ? $", or the proxy {proxy} is not" : "")}; "
                    + "check `url` and the network",
                known ? Kind.Transient : Kind.Unavailable,
                seconds,
                e
            );
        if (http?.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError)
            return Make("unreachable", NoConnection(host), Kind.Transient, seconds, e);
        return http?.HttpRequestError == HttpRequestError.InvalidResponse
            ? Make("malformed", $"{Where}: what answers at {host} does not speak HTTP", Kind.Transient, seconds, e)
            : Make("cut", $"{Where}: the connection was cut", Kind.Transient, seconds, e);
    }

    private string NoConnection(string host) =>
        EndpointProxy.Of(spec) is { } proxy
            ? $"{Where}: nobody answers at {host} through the proxy {proxy}; start the server, check `url`, or name the host in NO_PROXY"
            : $"{Where}: nobody answers at {host}; start the server, or check `url`";

    /// <summary>Entra ID gave no token. The cause may be the network, which is transient, or a setting, which is permanent.</summary>
    public EndpointException OfSignIn(Exception e, double seconds)
    {
        var passes =
            Find<HttpRequestException>(e) is not null || Find<Azure.RequestFailedException>(e) is { Status: 0 or 408 or 429 or >= 500 };
        return Make(
            "sign-in",
            $"{Where}: Entra ID gave no token ({e.GetType().Name}); "
                + "sign in with `az login`, or give the process a managed or workload identity",
            passes ? Kind.Transient : Kind.Unavailable,
            seconds,
            e
        );
    }

    private EndpointException OfTls(AuthenticationException tls, string host, double seconds)
    {
        var said = tls.Message + tls.InnerException?.Message;
        var what =
            said.Contains("NotTimeValid", StringComparison.Ordinal) ? "has expired or is not valid yet"
            : said.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal) ? "is for another host"
            : said.Contains("UntrustedRoot", StringComparison.Ordinal) || said.Contains("PartialChain", StringComparison.Ordinal)
                ? "is signed by nobody that this machine trusts"
            : null;
        return what is null
            ? Make("tls", $"{Where}: no TLS connection to {host} could be agreed on; does it speak https?", Kind.Unavailable, seconds, tls)
            : Make(
                "certificate",
                $"{Where}: the certificate of {host} {what}; have it renewed, or trust its issuer",
                Kind.Unavailable,
                seconds,
                tls
            );
    }

    private EndpointException Make(
        string reason,
        string message,
        Kind kind,
        double seconds,
        Exception? inner = null,
        TimeSpan? retryAfter = null
    ) =>
        new(spec.Name, reason, message, inner)
        {
            IsTransient = kind == Kind.Transient,
            IsUnavailable = kind == Kind.Unavailable,
            RetryAfter = retryAfter,
            Seconds = seconds,
        };

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }

        return null;
    }

    private enum Kind
    {
        Transient,
        Terminal,
        Unavailable,
    }
}
