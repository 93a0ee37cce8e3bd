using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary>
/// <c>convosynth replay-run RUN</c>: plays a finished run again from its journal and compares the bytes. If this version no longer writes
/// the run's format, it compares the rows.
/// </summary>
internal static class ReplayRunCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Where to write what comes out (default: nowhere; it is compared and removed).",
    };

    public static Command Create()
    {
        var command = new Command(
            "replay-run",
            "Play a finished run again from its journal and the packs and prompts in its folder, with no "
                + "endpoint, and compare its shards byte for byte, or its rows where another version wrote them."
        )
        {
            Run,
            Out,
            CommonOptions.Concurrency,
            CommonOptions.NoCheck,
        };
        command.SetWork(Play);
        return command;
    }

    private static async Task<int> Play(ParseResult parsed, CancellationToken cancellationToken)
    {
        var concurrency = CommonOptions.ConcurrencyOf(parsed);
        var path = parsed.GetRequiredValue(Run);
        using var run = FinishedRun.Open(Places.Of(path), parsed.GetValue(CommonOptions.NoCheck));
        var setups = run.MakeSetups(run.Inputs, TimeProvider.System);
        setups.RequireModel(run.Spec);
        var kept = parsed.GetValue(Out);
        var folder = kept ?? Directory.CreateTempSubdirectory("convosynth-replay-").FullName;
        try
        {
            var target = run.Target(Places.Of(folder));
            SpecFile.Require(target.Folder, run.Spec, resume: false);
            SpecFile.Begin(target.Folder, run.Spec);
            KeptInputs.Keep(target.Folder, setups.For(run.Spec), run.Inputs);
            var host = new CampaignHost(run.Setups(setups, []), target, TimeProvider.System);
            var status = await new RunProgress(TimeProvider.System, quiet: false).Show(watch =>
                host.Run(run.Spec, new(concurrency), watch, cancellationToken)
            );
            if (status.Error is { } error)
                throw new CommandException(error);
            if (status.Open > 0)
            {
                await Console.Error.WriteLineAsync("stopped");
                return 130;
            }

            return Tell(run, target.Folder);
        }
        finally
        {
            if (kept is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static int Tell(FinishedRun run, RunFolder played)
    {
        var isOfToday = run.Format == RunFormat.Current;
        var from = run.Journal is null ? "its built-in models" : "its journal";
        if (
            (
                isOfToday
                    ? ShardComparison.FirstDifference(run.Folder, played)
                    : ShardComparison.FirstOtherRow(run.Folder, run.Format, played)
            ) is
            { } difference
        )
        {
            var why = run.Journal?.FirstMissing is { } missing ? $"; {missing.Reason}" : "";
            Console.WriteLine($"{run.Folder.Path}: played from {from}, {difference}{why}");
            return 1;
        }

        var manifest = RunManifest.Read(run.Folder);
        var rows = manifest.AcceptedRows + manifest.UndecidedRows + manifest.RejectedRows;
        Console.WriteLine(
            isOfToday
                ? $"{run.Folder.Path}: played from {from}, {manifest.Commits.Sum(c => c.Shards().Count())} shards with {rows} "
                    + "rows came out the same, byte for byte"
                : $"{run.Folder.Path}: played from {from}, {rows} rows came out the same; "
                    + $"its format is {run.Format} and shards are written in format {RunFormat.Current} now, "
                    + "so rows were compared and not bytes"
        );
        return 0;
    }
}
