using System.Diagnostics;
using System.Text;

namespace ConvoSynth.Serve.Tests;

/// <summary>Scripts of the folder python, which check frames with pydantic.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Lack = new(() =>
    {
        try
        {
            return Start("-c", "import pydantic; assert pydantic.VERSION.startswith('2')").Code == 0
                ? null
                : "python3 has no pydantic 2: frames are not checked by it";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "python3 is not installed: frames are not checked by pydantic";
        }
    });

    /// <summary>Why scripts cannot run, as one line; null if they can.</summary>
    public static string? Missing => Lack.Value;

    public static (int Code, string Output, string Errors) Run(string script, params string[] arguments) =>
        Start([Path.Combine(AppContext.BaseDirectory, "python", script), .. arguments]);

    private static (int Code, string Output, string Errors) Start(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("python3", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
            }
        )!;
        // Read by events: a full pipe of either stream would stop the script.
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.ToString());
    }
}

/// <summary>A test that needs python3 with pydantic 2; skipped without.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = Python.Missing;
}

/// <summary>A test that needs python3 with pydantic 2, and recorded dialogues outside the project.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RecordedTheoryAttribute : TheoryAttribute
{
    private const string Variable = "CONVOSYNTH_CHECK_DATA";

    public RecordedTheoryAttribute() =>
        Skip = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable))
            ? $"{Variable} is unset: it names the folder that holds the benchmark's data"
            : Python.Missing;

    public static string Folder(string domain) => Path.Combine(Environment.GetEnvironmentVariable(Variable)!, domain);
}
