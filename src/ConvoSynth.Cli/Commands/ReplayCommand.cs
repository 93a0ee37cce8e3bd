using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Commands;

/// <summary>
/// <c>convosynth replay</c>: sends recorded dialogues through the same grains, environment, checks and shards as generated ones.
/// </summary>
internal static class ReplayCommand
{
    private const int LeftOutShown = 5;

    private static readonly Option<string> Domain = new("--domain") { Description = "The domain pack.", Required = true };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: the database that the dialogues were had on.",
    };
    private static readonly Option<string> Tasks = new("--tasks")
    {
        Description = "A JSON file of the tasks: gold calls and the outputs that the agent must say.",
        Required = true,
    };
    private static readonly Option<string> Recorded = new("--recorded")
    {
        Description = "A JSON file of the recorded dialogues with their rewards.",
        Required = true,
    };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "The run folder, or its address in an object store; its name is the run's id.",
        Required = true,
    };
    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with the run in the folder; what is committed is not done again.",
    };

    public static Command Create()
    {
        var command = new Command(
            "replay",
            "Play recorded dialogues again, verify them, and compare observations and rewards with the record."
        )
        {
            Domain,
            Data,
            Tasks,
            Recorded,
            Out,
            Resume,
            CommonOptions.Accept,
            CommonOptions.Concurrency,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var concurrency = CommonOptions.ConcurrencyOf(parsed);
        var domain = parsed.GetRequiredValue(Domain);
        var tasksFile = CommonOptions.ExistingFile(parsed.GetRequiredValue(Tasks), "--tasks");
        var recordedFile = CommonOptions.ExistingFile(parsed.GetRequiredValue(Recorded), "--recorded");
        var record = RecordedDialogues.Read(recordedFile, File.ReadAllBytes(recordedFile));
        if (record.Dialogues.IsEmpty)
            throw new CommandException($"{recordedFile} holds no dialogue");
        if (!record.LeftOut.IsEmpty)
            await Console.Error.WriteLineAsync(
                $"{record.LeftOut.Length} results hold no dialogue and are left out: "
                    + $"{string.Join(", ", record.LeftOut.Take(LeftOutShown))}{(record.LeftOut.Length > LeftOutShown ? ", …" : "")}"
            );
        var spec = new RunSpec
        {
            RunId = RunFolders.RunIdOf(parsed.GetRequiredValue(Out)),
            Domains = [domain],
            Data = parsed.GetValue(Data),
            Count = record.Dialogues.Length,
            Seed = 0,
            Model = RecordedSetup.ModelName,
            ActsOnFaults = false,
            Accept = CommonOptions.AcceptOf(parsed) ?? Profile.Strict,
            Tasks = tasksFile,
            Recorded = recordedFile,
        };
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var setups = new RunSetups(folders, TimeProvider.System);
        var pack = setups.PacksFor(spec)[domain];
        spec = spec with
        {
            PackHashes =
            [
                $"{domain} {pack.Hash}",
                $"{InputKind.Tasks} {KeptInputs.HashOf(tasksFile)}",
                $"{InputKind.Recorded} {KeptInputs.HashOf(recordedFile)}",
            ],
        };
        var run = new RunFolders(Places.Of(parsed.GetRequiredValue(Out)).Folder, spec.RunId, new ParquetShards(), new());
        SpecFile.Require(run.Folder, spec, parsed.GetValue(Resume));
        RunSummary? summary = null;
        var command =
            $"convosynth replay --domain {domain} --tasks {Path.GetFileName(tasksFile)} --recorded {Path.GetFileName(recordedFile)}";
        var agreement = new ReplayAgreement(pack, record);
        var code = await CampaignRun.Play(
            new(spec, setups, folders, run, new(concurrency), parsed.GetValue(CommonOptions.Json), command, TimeProvider.System),
            s => summary = agreement.AddTo(s, run.Folder),
            cancellationToken
        );
        return code != 0 || IsAllAsRecorded(summary!) ? code : 1;
    }

    private static bool IsAllAsRecorded(RunSummary summary) =>
        summary.Failed == 0
        && summary.Agreement is { } agreement
        && agreement.Matched == agreement.Total
        && summary.Observations is { } observations
        && observations.Matched == observations.Total;
}
