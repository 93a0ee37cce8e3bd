using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core;
using ConvoSynth.Review.Http;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth decisions RUN</c>: what reviewers decided, to and from other tools.</summary>
internal static class DecisionsCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Write the standing decisions to this file: .csv or .parquet.",
    };

    private static readonly Option<string?> Import = new("--import")
    {
        Description = "First take up the decisions of this file: .csv or .parquet; all of them or none.",
    };

    private static readonly Option<string?> Reviewer = new("--reviewer")
    {
        Description = "The name for imported lines that give none (default: the user's).",
    };

    public static Command Create()
    {
        var command = new Command(
            "decisions",
            "Write or take up a run's decisions as CSV or Parquet, and measure its reviewers on controls."
        )
        {
            Run,
            Out,
            Import,
            Reviewer,
            CommonOptions.NoCheck,
        };
        command.SetWork(Work);
        return command;
    }

    private static async Task<int> Work(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = Places.OnDisk(parsed.GetRequiredValue(Run), "decisions");
        using var decisions = new RunDecisions(path, !parsed.GetValue(CommonOptions.NoCheck), TimeProvider.System);
        if (parsed.GetValue(Import) is { } source)
        {
            var done = await decisions.Import(source, parsed.GetValue(Reviewer) ?? Environment.UserName, cancellationToken);
            Console.WriteLine($"{source}: {done.Lines} decisions, {done.Kept} of them new");
        }

        if (parsed.GetValue(Out) is { } target)
            Console.WriteLine($"{target}: {decisions.Export(target)} decisions");
        var (rows, reviewers) = decisions.Figures();
        Console.WriteLine($"{path}: {rows} rows are decided");
        foreach (var reviewer in reviewers)
            Console.WriteLine(
                $"  {reviewer.Reviewer} on {reviewer.Planted} rows with a planted fault and {reviewer.FalseAlarms + reviewer.Passed} clean "
                    + $"ones: recall {Share(reviewer.Found, reviewer.Planted)}, precision {Share(reviewer.Found, reviewer.Rejected)}"
            );
        return 0;
    }

    private static string Share(int hits, int of)
    {
        if (of == 0)
            return "-";
        var (low, high) = ShareInterval.Wilson(hits, of);
        return string.Create(CultureInfo.InvariantCulture, $"{(double)hits / of:0.00} [{low:0.00}, {high:0.00}]");
    }
}
