namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// The connections to endpoints: one per request in flight, each replaced after 10 minutes so that a moved address is noticed.
/// </summary>
public static class EndpointHttp
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <param name="handler">Replaces the sockets; null keeps them. The client disposes of it.</param>
    public static HttpClient Client(HttpMessageHandler? handler = null) =>
        new(handler ?? Sockets(), disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan, // Each request has its own, on the injected clock.
        };

    private static SocketsHttpHandler Sockets() =>
        new()
        {
            MaxConnectionsPerServer = int.MaxValue,
            PooledConnectionLifetime = ConnectionLifetime,
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = new EndpointProxy(),
        };
}
