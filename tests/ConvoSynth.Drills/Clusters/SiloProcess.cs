using System.Diagnostics;
using System.Globalization;

namespace ConvoSynth.Drills;

/// <summary>A silo in a process of its own.</summary>
internal sealed class SiloProcess
{
    private readonly Process _process;
    private readonly List<string> _errors = [];

    private SiloProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
                lock (_errors)
                    _errors.Add(text);
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>As the cluster knows it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>From the process's start to its join.</summary>
    public TimeSpan Joining { get; private set; }

    public bool HasEnded => _process.HasExited;

    public TimeSpan Cpu => _process.HasExited ? TimeSpan.Zero : _process.TotalProcessorTime;

    public long Bytes => _process.HasExited ? 0 : _process.WorkingSet64;

    public string LastError
    {
        get
        {
            lock (_errors)
                return _errors.LastOrDefault(e => e.StartsWith("error:", StringComparison.Ordinal)) ?? _errors.LastOrDefault() ?? "";
        }
    }

    /// <summary>A silo that has joined.</summary>
    public static async Task<SiloProcess> Start(Settings settings, string config)
    {
        var began = Wall.Timestamp;
        var silo = new SiloProcess(Programs.Start(settings, ["silo", "--config", config], quiet: false));
        var line =
            await silo._process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"the silo did not join: {silo.LastError}");
        (silo.Name, silo.Joining) = (line.Split(' ')[1], Wall.Since(began));
        return silo;
    }

    /// <summary>Ends it as a machine does that loses its power.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it in the midst of what it does.</summary>
    public Task Sleep() => Signal("-STOP");

    public Task Wake() => Signal("-CONT");

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
