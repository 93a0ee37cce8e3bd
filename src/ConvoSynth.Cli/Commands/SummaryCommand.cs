using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth summary RUN</c>: a run's results, counted from its committed rows.</summary>
internal static class SummaryCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };

    private static readonly Option<bool> Language = new("--language")
    {
        Description =
            "How the accepted dialogues read instead: vocabulary, repeated runs of four words, echoes, and whether personas show.",
    };

    public static Command Create()
    {
        var command = new Command("summary", "Count a run's committed rows: accepted, undecided and rejected with reasons, failed, open.")
        {
            Run,
            Language,
            CommonOptions.NoCheck,
            CommonOptions.Json,
        };
        command.SetWork((parsed, _) => Task.FromResult(Print(parsed)));
        return command;
    }

    private static int Print(ParseResult parsed)
    {
        var run = RunFolders.OpenExisting(Places.Of(parsed.GetRequiredValue(Run)), parsed.GetValue(CommonOptions.NoCheck));
        var spec = SpecFile.Read(run);
        RunFolders.RequireWhole(run);
        if (parsed.GetValue(Language))
        {
            var figures = LanguageFigures.Of(run);
            if (parsed.GetValue(CommonOptions.Json))
                Console.WriteLine(figures.ToJson());
            else
                figures.Print();
            return 0;
        }

        SummaryText.Print(RunSummary.Count(spec, run).WithWhatRowsDoNotTell(run), parsed.GetValue(CommonOptions.Json));
        return 0;
    }
}
