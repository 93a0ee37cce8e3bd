using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ConvoSynth.Benchmarks;

/// <summary>The program, as processes of its own: a review server's memory is then its own too.</summary>
internal sealed partial class ReviewProcess : IDisposable
{
    private readonly Process _process;

    private ReviewProcess(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Where the program was built, beside this one.</summary>
    public static string Program { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ConvoSynth.Cli", "release", "convosynth.dll"));

    public Uri Url { get; }

    /// <summary>The most memory that the server has had, in bytes; 0 where the system does not tell.</summary>
    public long Peak
    {
        get
        {
            var status = $"/proc/{_process.Id}/status";
            return File.Exists(status) ? 1024 * long.Parse(PeakLine().Match(File.ReadAllText(status)).Groups[1].Value) : 0;
        }
    }

    public static async Task<ReviewProcess> Start(string run)
    {
        var process = Begin("dotnet", Program, "review", run, "--port", "0", "--reviewer", "bench");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Address().Match(line) is { Success: true } found)
                return new(process, new(found.Value));
        }

        throw new InvalidOperationException($"the review server did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Begin(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Begin(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    [GeneratedRegex("http://[^ ]+", RegexOptions.None, 1000)]
    private static partial Regex Address();

    [GeneratedRegex("VmHWM:\\s+([0-9]+) kB", RegexOptions.None, 1000)]
    private static partial Regex PeakLine();
}
