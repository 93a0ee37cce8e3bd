namespace ConvoSynth.Models;

/// <summary>The connections to endpoints: as many as requests are under way, each renewed now and then so that a moved address is noticed.</summary>
public static class EndpointHttp
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <param name="handler">What carries requests instead of sockets; null for sockets. It is disposed of with the client.</param>
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
