using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Texts;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Calibrations;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth judges calibrate</c>: how often each seat is right, before it votes in a run.</summary>
internal static class JudgesCalibrateCommand
{
    private const string RunId = "calibration";
    private const int Fewest = 10;
    private const int Most = 20_000;

    private const string About =
        "Let every judge of a spec vote on rehearsed dialogues, half of them with a planted fault, and count how often it is right.\n\n"
        + "The judges get what a run gives them, and learn neither of the fault nor of the checks nor of each other. Of each: the\n"
        + "share of faults that it finds (sensitivity), of clean dialogues that it lets pass (specificity), with 95 % intervals, and\n"
        + "its cost. A judge whose intervals begin below the bounds does not vote in a run whose spec names the report under\n"
        + "`roles: committee: calibration:`. Of those that vote, together: the same, how many independent judges they are worth, and\n"
        + "tokens a dialogue.\n"
        + "Exit code 1 where no judge reaches the bounds.";

    private static readonly Option<string> SpecFile = new("--spec")
    {
        Description = "The run spec (YAML) that names endpoints and judges.",
        Required = true,
    };
    private static readonly Option<int> Dialogues = new("--dialogues")
    {
        Description = $"Dialogues that each judge votes on, {Fewest} to {Most}.",
        DefaultValueFactory = _ => 200,
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "One seed, one set of dialogues and faults.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<double?> MinSensitivity = new("--min-sensitivity")
    {
        Description =
            $"The share of faults that a judge must find to vote, 0 to 1 (default: the spec's, or {JudgeBounds.Usual.Sensitivity}).",
    };
    private static readonly Option<double?> MinSpecificity = new("--min-specificity")
    {
        Description =
            "The share of clean dialogues that a judge must pass to vote, 0 to 1 "
            + $"(default: the spec's, or {JudgeBounds.Usual.Specificity}).",
    };
    private static readonly Option<string?> Journal = new("--journal")
    {
        Description = "A folder for the judges' answers: a calibration that was stopped goes on from there, and pays for none twice.",
    };
    private static readonly Option<string?> Out = new("--out") { Description = "The file for the report, for the spec of a run." };

    public static Command Create()
    {
        var command = new Command("calibrate", About)
        {
            SpecFile,
            Dialogues,
            Seed,
            MinSensitivity,
            MinSpecificity,
            Journal,
            Out,
            CommonOptions.Concurrency,
            CommonOptions.Packs,
            CommonOptions.Config,
            CommonOptions.Json,
        };
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var dialogues = parsed.GetValue(Dialogues);
        if (dialogues is < Fewest or > Most)
            throw new CommandException($"--dialogues is {dialogues}; it must be from {Fewest} to {Most}");
        var prepared = PreparedRun.ForCalibration(parsed, RunId, parsed.GetRequiredValue(SpecFile), out var named);
        if (prepared.Spec.Model != EndpointSetup.ModelName || prepared.Spec.Roles is not { Judges.IsEmpty: false })
            throw new CommandException("the spec names no judge to calibrate; name the seats under `roles: judges:`");
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        new RunSetups(folders, TimeProvider.System).RequireModel(prepared.Spec);
        var report = await Report(
            parsed,
            folders,
            prepared.Spec,
            new(dialogues, parsed.GetValue(Seed), prepared.Work.Concurrency) { Bounds = BoundsOf(parsed, named ?? JudgeBounds.Usual) },
            cancellationToken
        );
        if (parsed.GetValue(Out) is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(report.ToJson());
        else
            CalibrationText.Print(report);
        return report.Committee is null ? 1 : 0;
    }

    private static async Task<CalibrationReport> Report(
        ParseResult parsed,
        PackFolders folders,
        RunSpec spec,
        CalibrationOptions options,
        CancellationToken cancellationToken
    )
    {
        if (parsed.GetValue(Journal) is not { } folder)
            return await new JudgeCalibration(folders, TimeProvider.System).Run(spec, options, cancellationToken);
        try
        {
            var kept = Places.Of(folder).Folder;
            using var journal = await SoleJournal.Open(kept, RunId);
            var calibration = new JudgeCalibration(folders, TimeProvider.System)
            {
                Journal = journal,
                Batches = endpoint => new BatchLogFile(kept, endpoint, isShared: false),
            };
            return await calibration.Run(spec, options, cancellationToken);
        }
        catch (Exception e) when (e is JournalException or ShardException)
        {
            throw new CommandException(e.Message);
        }
    }

    private static JudgeBounds BoundsOf(ParseResult parsed, JudgeBounds named)
    {
        var (sensitivity, specificity) = (parsed.GetValue(MinSensitivity), parsed.GetValue(MinSpecificity));
        if (
            (RunBounds.Share.Problem("--min-sensitivity", sensitivity) ?? RunBounds.Share.Problem("--min-specificity", specificity)) is
            { } problem
        )
            throw new CommandException(problem);
        return new(sensitivity ?? named.Sensitivity, specificity ?? named.Specificity);
    }
}
