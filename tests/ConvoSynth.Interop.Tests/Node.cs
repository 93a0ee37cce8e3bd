using System.Diagnostics;

namespace ConvoSynth.Interop.Tests;

/// <summary>Runs the scripts of tests/interop.</summary>
internal static class Node
{
    public static string Folder { get; } = FindFolder();

    public static string? Missing()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "hyparquet")))
            return "the foreign Parquet readers are not installed: run `npm ci --prefix tests/interop`.";
        try
        {
            using var process = Start(["--version"]);
            process.WaitForExit();
            return process.ExitCode == 0 ? null : "node --version failed.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "node is not installed: Node 20 or newer runs the foreign Parquet readers.";
        }
    }

    public static void Run(string script, string argument)
    {
        using var process = Start([Path.Combine(Folder, script), argument]);
        // The scripts write their results to files, so their output cannot fill the pipe and block them.
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, "node {0} said: {1}", script, errors);
    }

    private static Process Start(IEnumerable<string> arguments) =>
        Process.Start(
            new ProcessStartInfo("node", arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Folder,
            }
        )!;

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "tests", "interop", "package.json")))
                return Path.Combine(folder.FullName, "tests", "interop");
        throw new DirectoryNotFoundException("tests/interop is not above the test's folder.");
    }
}
