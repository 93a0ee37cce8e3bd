using System.Diagnostics;

namespace ConvoSynth.Drills.Serving;

/// <summary><c>env serve</c> in a process of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<ServerProcess> Start(Settings settings, params string[] arguments)
    {
        var process = Programs.Start(settings, ["env", "serve", "library", "--port", "0", .. arguments], quiet: false);
        var line =
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the server did not start: " + await process.StandardError.ReadToEndAsync());
        return new(process, new(line.Split(' ').First(w => w.StartsWith("http", StringComparison.Ordinal))));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
