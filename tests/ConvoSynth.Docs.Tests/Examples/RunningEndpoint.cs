using System.Diagnostics;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>The test endpoint that a page starts, on any free port, until the page is done.</summary>
internal sealed class RunningEndpoint : IDisposable
{
    private Process? _process;

    /// <summary>Starts it, and waits until it listens.</summary>
    public async Task<Uri> Start(string folder, string[] arguments)
    {
        arguments[Array.IndexOf(arguments, "--port") + 1] = "0";
        _process = ThisProgram.Start(folder, arguments);
        _ = _process.StandardError.ReadToEndAsync();
        return new(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the endpoint did not start"));
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
    }
}
