using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Review.Promotions;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth promote RUN --out FOLDER</c>: a new revision of a run with its reviewers' decisions applied.</summary>
internal static class PromoteCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder; the run has ended." };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The folder for the run with the decisions; its rows keep their ids.",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("promote", "Write a new revision of a run with the decisions of its reviewers applied.")
        {
            Run,
            Out,
            CommonOptions.NoCheck,
        };
        command.SetWork(
            (parsed, _) =>
            {
                var done = Promotion.Write(
                    Places.OnDisk(parsed.GetRequiredValue(Run), "promote"),
                    Places.OnDisk(parsed.GetRequiredValue(Out), "promote"),
                    parsed.GetValue(CommonOptions.NoCheck),
                    TimeProvider.System
                );
                Console.WriteLine(
                    $"{parsed.GetRequiredValue(Out)}: {done.Rows} rows; people accepted {done.Accepted}, rejected {done.Rejected}, "
                        + $"edited {done.Revised}{(done.ByRule > 0 ? $", {done.ByRule} of them by kind" : "")}"
                        + (done.Tied > 0 ? $"; {done.Tied} stay as they were, since reviewers disagree" : "")
                );
                return Task.FromResult(0);
            }
        );
        return command;
    }
}
