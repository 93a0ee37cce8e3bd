using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ConvoSynth.Drills;

/// <summary>The test endpoint in its own process.</summary>
internal sealed class EndpointProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private EndpointProcess(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static async Task<EndpointProcess> Start(Settings settings, params string[] arguments)
    {
        var process = Programs.Start(settings, ["endpoint", .. arguments], quiet: false);
        var url =
            await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the endpoint did not start: " + await process.StandardError.ReadToEndAsync());
        return new(process, url);
    }

    public async Task<JsonElement> Stats() => JsonDocument.Parse(await _http.GetStringAsync($"{Url}/stats")).RootElement;

    /// <summary>Processor time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // An interrupt lets the endpoint write the end of its log.
        using (var kill = Process.Start("/bin/kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }
}

/// <summary>Exit, output and cost of a finished process.</summary>
/// <param name="Began">When it was started, by the wall clock.</param>
internal sealed record Ended(int ExitCode, string Output, string Errors, TimeSpan Wall, TimeSpan Cpu, long PeakBytes, DateTime Began);

/// <summary>Starts the program.</summary>
internal static class Programs
{
    public static Process Start(Settings settings, string[] arguments, bool quiet)
    {
        var start = new ProcessStartInfo(settings.Program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        if (!quiet)
            return process;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    public static async Task<Ended> Run(Settings settings, params string[] arguments)
    {
        var began = Wall.Now;
        var watch = Wall.Timestamp;
        using var process = Start(settings, arguments, quiet: false);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var (peak, cpu) = (0L, TimeSpan.Zero);
        var exit = process.WaitForExitAsync();
        while (!exit.IsCompleted)
        {
            await Task.WhenAny(exit, Wall.Wait(200));
            try
            {
                process.Refresh();
                (peak, cpu) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
            }
            catch (InvalidOperationException)
            {
                break; // It has just ended.
            }
        }

        await exit;
        return new(process.ExitCode, await output, await errors, Wall.Since(watch), cpu, peak, began);
    }
}

/// <summary>The temporary folder of one drill, removed on disposal.</summary>
internal sealed class DrillFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-drill-");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A run spec whose roles use the test endpoint.</summary>
    public string Spec(string url, string more = "", string endpoint = "")
    {
        var path = At("spec.yaml");
        File.WriteAllText(
            path,
            $$"""
            domains: [library, retail, airline]
            seed: 1
            {{more}}
            endpoints:
              - {name: rehearsal, provider: openai-compatible, url: "{{url}}/v1", model: rehearsal, rehearsal: true,
                 max_output_tokens: 512, price: {input: 2, cached_input: 0.5, output: 8}{{endpoint}}}
            roles: {human: rehearsal, agent: rehearsal}

            """
        );
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
