using System.Diagnostics;
using System.Text.Json;
using ConvoSynth.Export.Exports;

namespace ConvoSynth.Export.Tests;

/// <summary>What a trainer's own code made of an export; the scripts of the folder trainers run it.</summary>
/// <param name="Kept">The rows that training would see.</param>
/// <param name="Empty">Rows of which the prompt, the answer or the text to learn from is empty.</param>
/// <param name="Learned">Of each row, the texts under loss.</param>
internal sealed record TrainerReading(long Rows, long Kept, long Empty, string[] Warnings, string[][] Learned)
{
    private const string Variable = "CONVOSYNTH_TRAINERS";

    private static readonly JsonSerializerOptions Names = new() { PropertyNameCaseInsensitive = true };

    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Why no trainer's code can run, as one line; null if it can.</summary>
    public static string? Missing =>
        Folder is null ? $"{Variable} is unset: it names a folder with the sources of trl, LLaMA-Factory, ms-swift and verl" : null;

    public static TrainerReading Of(string script, string trainer, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "trainers", script);
        using var process = Process.Start(
            new ProcessStartInfo("python3", [path, Path.Combine(Folder!, trainer), .. arguments])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
            }
        )!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<TrainerReading>(output, Names)!
            : throw new InvalidOperationException($"{script} ended with exit code {process.ExitCode}");
    }
}

/// <summary>A test that runs the code of trainers outside the project; skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TrainersTheoryAttribute : TheoryAttribute
{
    public TrainersTheoryAttribute() => Skip = TrainerReading.Missing;
}
