using System.Diagnostics;

namespace ConvoSynth.Docs.Tests.Examples;

/// <summary>What a command said, and how it ended.</summary>
internal sealed record Said(int ExitCode, string Output, string Errors);

/// <summary>The program's commands, run in this process or as a process of their own.</summary>
internal static class ThisProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs a command in a folder. Working folder and console belong to it until it ends.</summary>
    public static async Task<Said> Run(string folder, string[] arguments, StringWriter? output = null, CancellationToken stop = default)
    {
        var (said, errors) = (output ?? new StringWriter(), new StringWriter());
        var (console, errorConsole, before) = (Console.Out, Console.Error, Environment.CurrentDirectory);
        Console.SetOut(TextWriter.Synchronized(said));
        Console.SetError(TextWriter.Synchronized(errors));
        Environment.CurrentDirectory = folder;
        try
        {
            var code = await CommandTests.Root().Parse(arguments).InvokeAsync(cancellationToken: stop);
            return new(code, said.ToString(), errors.ToString());
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Console.SetOut(console);
            Console.SetError(errorConsole);
        }
    }

    /// <summary>Starts the built program, for a command that starts itself again or that runs until it is stopped.</summary>
    public static Process Start(string folder, string[] arguments) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "convosynth.dll"), .. arguments])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    public static async Task<Said> RunApart(string folder, string[] arguments)
    {
        using var process = Start(folder, arguments);
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, await output, await errors);
    }
}
