using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth verify RUN</c>: applies today's checks to the dialogues of a finished run, for no tokens.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run folder." };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The folder for the run with the new verdicts; its rows keep their ids.",
        Required = true,
    };
    private static readonly Option<string[]> Without = new("--without")
    {
        Description = "A check to leave out, such as human.values; may be given several times.",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string?> Packs = new("--packs")
    {
        Description =
            "A folder of domain packs whose rules are applied (default: the packs that the run was made with, which its folder has).",
    };

    public static Command Create()
    {
        var command = new Command(
            "verify",
            "Apply today's checks to a finished run's dialogues, played from its journal with the packs and "
                + "prompts in its folder, and show which verdicts change."
        )
        {
            Run,
            Out,
            Without,
            CommonOptions.Accept,
            CommonOptions.Concurrency,
            Packs,
            CommonOptions.NoCheck,
        };
        command.SetWork(Play);
        return command;
    }

    private static async Task<int> Play(ParseResult parsed, CancellationToken cancellationToken)
    {
        var concurrency = CommonOptions.ConcurrencyOf(parsed);
        var (path, without) = (parsed.GetRequiredValue(Run), parsed.GetRequiredValue(Without));
        using var run = FinishedRun.Open(Places.Of(path), parsed.GetValue(CommonOptions.NoCheck));
        RequireChecks(run, without);
        var inputs = parsed.GetValue(Packs) is { } folder ? new OtherPacks(run.Inputs, new(folder)) : run.Inputs;
        var setups = run.MakeSetups(inputs, TimeProvider.System);
        setups.RequireModel(run.Spec);
        var spec = OtherPacks.Respecified(run.Spec, setups.PacksFor(run.Spec), out var changed);
        foreach (var domain in changed)
            await Console.Error.WriteLineAsync(
                $"the pack {domain} is not the one that the run was made with; its rules of today are applied"
            );
        // Another profile judges the same dialogues differently, but must not change where they ended.
        if (CommonOptions.AcceptOf(parsed) is { } accept)
            spec = spec with { Accept = accept, EarlyStop = run.Spec.StopsEarly };
        var target = run.Target(Places.Of(parsed.GetRequiredValue(Out)));
        SpecFile.Require(target.Folder, spec, resume: false);
        var command =
            $"convosynth verify {Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}"
            + string.Concat(without.Select(w => $" --without {w}"))
            + $"{(parsed.GetValue(Packs) is { } named ? $" --packs {named}" : "")}{Accepting(parsed)}";
        var code = await CampaignRun.Play(
            new(spec, run.Setups(setups, without), inputs, target, new(concurrency), Json: false, command, TimeProvider.System),
            null,
            cancellationToken
        );
        if (code == 130)
            return code;
        VerdictChangesText.Print(VerdictChanges.Between(run.Folder, target.Folder));
        if (run.Journal?.FirstMissing is not { } missing)
            return code;
        await Console.Error.WriteLineAsync(
            $"{run.Journal.MissingAnswers} calls had no answer, and their dialogues failed; the first: {missing.Reason}"
        );
        return 1;
    }

    private static string Accepting(ParseResult parsed) =>
        parsed.GetValue(CommonOptions.Accept) is { } profile ? $" --accept {profile}" : "";

    private static void RequireChecks(FinishedRun run, string[] without)
    {
        if (without.Length == 0)
            return;
        var checks = VerdictChanges.ChecksOf(run.Folder);
        foreach (var name in without)
        {
            if (!checks.Contains(name))
                throw new CommandException(
                    $"--without {name}: no row of the run has a verdict of that check; there are {string.Join(", ", checks)}"
                );
        }
    }
}
