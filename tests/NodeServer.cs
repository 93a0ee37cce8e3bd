using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ConvoSynth.Tests;

/// <summary>A server of tests/interop on loopback, which ends with this object.</summary>
internal sealed class NodeServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private NodeServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Requests that the server has logged.</summary>
    public int Requests => _requests;

    private int _requests;

    /// <param name="module">Its file in tests/interop.</param>
    /// <param name="arguments">The command line, given a free port.</param>
    /// <param name="ready">What it prints when it answers.</param>
    /// <param name="node">Options of Node.</param>
    public static async Task<NodeServer> Start(string module, Func<int, string[]> arguments, string ready, params string[] node)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("node", [.. node, At(module), .. arguments(port)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var server = new NodeServer(Process.Start(start)!, port);
        var told = new TaskCompletionSource();
        server._process.OutputDataReceived += (_, line) => Heard(line.Data);
        server._process.ErrorDataReceived += (_, line) => Heard(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        await told.Task.WaitAsync(Patience);
        return server;

        void Heard(string? line)
        {
            if (line is null)
                told.TrySetException(new InvalidOperationException($"{module} ended before it was ready"));
            else if (line.Contains(ready, StringComparison.Ordinal))
                told.TrySetResult();
            else
                Interlocked.Increment(ref server._requests);
        }
    }

    public static bool IsInstalled(string module) => File.Exists(At(module));

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static string At(string module) => RepositoryRoot.At("tests", "interop", module);
}
