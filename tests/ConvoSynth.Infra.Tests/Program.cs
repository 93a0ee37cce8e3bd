using System.CommandLine;
using System.Diagnostics;
using ConvoSynth.Cli.Commands;

namespace ConvoSynth.Infra.Tests;

/// <summary>The program, as a process of its own or in this one, where its meters can be read.</summary>
internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder with the built program.</summary>
    public static string Folder => AppContext.BaseDirectory;

    public static RootCommand Root()
    {
        var root = new RootCommand();
        root.Options.Add(CommandErrors.Trace);
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        return root;
    }

    /// <summary>Runs a command in this process, which must succeed.</summary>
    public static async Task Run(params string[] arguments)
    {
        var (before, beforeErrors) = (Console.Out, Console.Error);
        using var said = new StringWriter();
        var both = TextWriter.Synchronized(said);
        Console.SetOut(both);
        Console.SetError(both);
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            var code = await Root().Parse(arguments).InvokeAsync(cancellationToken: limit.Token);
            code.Should().Be(0, "{0} says {1}", string.Join(' ', arguments), said);
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeErrors);
        }
    }

    public static Process Start(string file, Dictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
