using System.Net;
using System.Net.Sockets;

namespace ConvoSynth.Cli.Tests;

/// <summary>A model server that accepts requests and never answers.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SilentServer()
    {
        _listener.Start();
        _ = Accept();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Completes at the first request.</summary>
    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        _listener.Stop();
        foreach (var client in _clients)
            client.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                if (await client.GetStream().ReadAsync(new byte[1]) > 0)
                    _asked.TrySetResult();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return; // The test is over.
        }
    }
}
