using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Review.Http;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth report RUN --out FILE</c>: the overview of a run as one HTML file.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };
    private static readonly Option<string> Out = new("--out") { Description = "The HTML file to write.", Required = true };

    public static Command Create()
    {
        var command = new Command("report", "Write the overview of a run as one HTML file.") { Run, Out, CommonOptions.NoCheck };
        command.SetWork(
            async (parsed, cancellationToken) =>
            {
                var noCheck = parsed.GetValue(CommonOptions.NoCheck);
                var page = await ReviewServer.Report(Places.OnDisk(parsed.GetRequiredValue(Run), "report"), !noCheck, TimeProvider.System);
                await File.WriteAllTextAsync(parsed.GetRequiredValue(Out), page, cancellationToken);
                Console.WriteLine($"{parsed.GetRequiredValue(Out)}: {page.Length / 1024} KB");
                return 0;
            }
        );
        return command;
    }
}
