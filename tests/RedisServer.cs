using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ConvoSynth.Tests;

/// <summary>A Redis of its own on loopback, for tests and drills; its data is kept while it is stopped.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-redis-");
    private readonly string[] _more;
    private bool _isEncrypted;
    private Process? _process;

    private RedisServer(params string[] more)
    {
        _more = more;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        Port = ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(f => Path.Combine(f, "redis-server"))
            .FirstOrDefault(File.Exists);

    public int Port { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public static async Task<RedisServer> Start(params string[] more)
    {
        var server = new RedisServer(more);
        await server.Start();
        return server;
    }

    /// <summary>Answers over TLS only. The arguments are PEM files.</summary>
    public static async Task<RedisServer> StartWithTls(string certificate, string key, string authority)
    {
        string[] tls = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", authority, "--tls-auth-clients", "no"];
        var server = new RedisServer(tls) { _isEncrypted = true };
        await server.Start();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Delete(recursive: true);
    }

    /// <summary>Ends the process at once.</summary>
    public async Task Stop()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Starts it, on the data that it had.</summary>
    public async Task Start()
    {
        string[] ports = _isEncrypted ? ["--port", "0", "--tls-port", $"{Port}"] : ["--port", $"{Port}"];
        string[] arguments = [.. ports, "--bind", "127.0.0.1", "--dir", _folder.FullName, "--appendonly", "yes", "--save", ""];
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments.Concat(_more))
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                // Its log must not fill the pipe.
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException("redis-server ended before it was ready");
    }
}
