using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ConvoSynth.Cli.Tests;

/// <summary>The result of one execution of the program.</summary>
internal sealed record Ran(int ExitCode, string Output, string Errors)
{
    /// <summary>
    /// The error as a person sees it: one line after "error: ", without a stack trace or a mention of a program defect.
    /// </summary>
    public string Sentence()
    {
        ExitCode.Should().Be(1, Errors);
        Errors.Should().NotContain("   at ").And.NotContain("Unhandled").And.NotContain("defect of the program");
        return Errors.Split('\n').Should().ContainSingle(l => l.StartsWith("error: ", StringComparison.Ordinal)).Subject[
            "error: ".Length..
        ];
    }
}

/// <summary>A running program, killed at the end of the test that started it.</summary>
internal sealed class Underway(Process process) : IDisposable
{
    public Process Process { get; } = process;

    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill();
        Process.Dispose();
    }
}

/// <summary>The built program.</summary>
internal static partial class Convosynth
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static string Repository => RepositoryRoot.Folder;

    public static string Blueprints { get; } = Path.Combine(Repository, "blueprints");

    /// <summary>The program's folder, beside this project's output and in the same configuration.</summary>
    public static string Program { get; } =
        Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "ConvoSynth.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name)
        );

    // `make test` names the folder of the published program, which starts in half the time. A test run alone never meets a stale one.
    private static string Library { get; } =
        Path.Combine(Environment.GetEnvironmentVariable("CONVOSYNTH_PROGRAM") ?? Program, "convosynth.dll");

    public static async Task<Ran> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return await End(process);
    }

    /// <summary>Runs the program with environment variables.</summary>
    public static async Task<Ran> RunIn(Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(arguments, environment);
        return await End(process);
    }

    public static Underway Start(params string[] arguments) => Start(arguments, []);

    public static Underway Start(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Library);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // Many short processes share few processors with the tests, and end before optimized code has paid for its compilation.
        start.Environment["DOTNET_TC_QuickJit"] = "1";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    public static async Task<Ran> End(Underway underway)
    {
        var process = underway.Process;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Waits for a line of progress, printed every few seconds, that counts a written row.</summary>
    public static async Task UntilSomeAreDone(Underway underway)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await underway.Process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            // A finished dialogue may wait for an earlier one; the counts cover written rows only.
            if (Written().IsMatch(line))
                return;
        }

        throw new InvalidOperationException("the run ended before a dialogue was told of as done");
    }

    [GeneratedRegex("^[1-9].* (accepted|undecided|rejected) [1-9]")]
    private static partial Regex Written();

    /// <summary>Sends the interrupt of Ctrl-C.</summary>
    public static Task Interrupt(Underway underway) => Signal(underway, "-INT");

    public static async Task Signal(Underway underway, string signal)
    {
        using var kill = Process.Start("/bin/kill", [signal, underway.Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        kill.ExitCode.Should().Be(0);
    }
}
