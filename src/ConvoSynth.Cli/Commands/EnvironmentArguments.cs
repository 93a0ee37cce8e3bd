using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.ObjectStorage;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Cli.Commands;

/// <summary>The options that say which tasks an environment has, who plays the human in them, and what decides the reward.</summary>
internal static class EnvironmentArguments
{
    private const string Spec = "run.json";

    public static Option<string> Reward { get; } =
        new("--reward")
        {
            Description =
                "What decides the reward: exact, all checks that compute; tau-bench, that benchmark's own rule; strict, all checks, and "
                + "no reward where one cannot tell.",
            DefaultValueFactory = _ => "exact",
        };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: another database for the pack.",
    };
    private static readonly Option<string?> Tasks = new("--tasks") { Description = "A JSON file of tasks, with --recorded." };
    private static readonly Option<string?> Recorded = new("--recorded")
    {
        Description = "A JSON file of dialogues recorded on --tasks; each is a task.",
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "The seed of tasks that are sampled from a pack.",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<int?> Count = new("--count")
    {
        Description = "The most tasks (default: 1000 of a pack, all of a run or a record).",
    };
    private static readonly Option<string?> Human = new("--human")
    {
        Description =
            "Who plays the human: rehearsal, the built-in scripted model; endpoint, a language model of --spec or of the run; recorded, "
            + "the words of the record (default: recorded for recorded dialogues, else rehearsal).",
    };
    private static readonly Option<string> HumanTurnOption = new("--human-turn")
    {
        Description = "How the agent talks to the human: tool, by calling reply_to_customer; message, by a message without a call.",
        DefaultValueFactory = _ => "tool",
    };
    private static readonly Option<double> Validation = new("--validation")
    {
        Description = "The share of worlds, or of families, in the validation split, 0 to 0.5; as in export.",
    };
    private static readonly Option<double> Test = new("--test")
    {
        Description = "The share of worlds, or of families, in the test split, 0 to 0.5; as in export.",
    };

    public static void AddTo(Command command)
    {
        Option[] options =
        [
            Reward,
            Human,
            HumanTurnOption,
            PreparedRun.SpecFile,
            CommonOptions.Packs,
            Data,
            Tasks,
            Recorded,
            Seed,
            Count,
            CommonOptions.Combined,
            CommonOptions.Slices,
            Validation,
            Test,
            CommonOptions.NoCheck,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <param name="from">A run, as its folder or its address in an object store; or a pack, as its name or its folder.</param>
    /// <exception cref="CommandException">It is neither, or an option does not go with it.</exception>
    public static EnvironmentOptions Of(ParseResult parsed, string from)
    {
        var options = new EnvironmentOptions
        {
            Packs = parsed.GetValue(CommonOptions.Packs),
            Data = parsed.GetValue(Data),
            TaskFile = FileOf(parsed, Tasks),
            Recorded = FileOf(parsed, Recorded),
            Seed = parsed.GetValue(Seed),
            Count = parsed.GetValue(Count),
            Combined = CommonOptions.CombinedOf(parsed),
            Slices = CommonOptions.SlicesOf(parsed) is null ? null : parsed.GetValue(CommonOptions.Slices),
            Human = HumanOf(parsed.GetValue(Human)),
            HumanTurn = TurnOf(parsed.GetValue(HumanTurnOption)!),
            Endpoints = EndpointsOf(parsed),
            Splits = new() { ValidationShare = parsed.GetValue(Validation), TestShare = parsed.GetValue(Test) },
            ChecksShards = !parsed.GetValue(CommonOptions.NoCheck),
        };
        if (ObjectPlaces.IsAddress(from) || File.Exists(Path.Combine(from, Spec)))
        {
            Option[] ofPacks = [CommonOptions.Packs, Data, Tasks, Recorded, Seed, CommonOptions.Combined, CommonOptions.Slices];
            return ofPacks.FirstOrDefault(o => RunValues.IsGiven(parsed, o)) is { } extra
                ? throw new CommandException($"{extra.Name} is for packs, and {from} is a run, which has its own; leave the option out")
                : options with
                {
                    Run = Places.Of(from),
                };
        }

        if (File.Exists(Path.Combine(from, "domain.yaml")))
        {
            var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(from));
            return options with { Pack = Path.GetFileName(folder), Packs = Path.GetDirectoryName(folder) };
        }

        var names = new PackFolders(options.Packs).Names();
        return names.Contains(from, StringComparer.Ordinal)
            ? options with
            {
                Pack = from,
            }
            : throw new CommandException(
                $"{from} is neither a run (a folder with {Spec}) nor a pack; the packs are {string.Join(", ", names)}"
            );
    }

    public static RewardRule RewardOf(ParseResult parsed) => RewardRules.Named(parsed.GetValue(Reward)!);

    private static string? FileOf(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } path ? CommonOptions.ExistingFile(path, option.Name) : null;

    private static HumanKind? HumanOf(string? name) =>
        name switch
        {
            null => null,
            "rehearsal" => HumanKind.Rehearsal,
            "endpoint" => HumanKind.Endpoint,
            "recorded" => HumanKind.Recorded,
            _ => throw new CommandException($"--human is \"{name}\"; it must be one of rehearsal, endpoint, recorded"),
        };

    private static HumanTurn TurnOf(string name) =>
        name switch
        {
            "tool" => HumanTurn.Tool,
            "message" => HumanTurn.Message,
            _ => throw new CommandException($"--human-turn is \"{name}\"; it must be tool or message"),
        };

    private static RunSpec? EndpointsOf(ParseResult parsed)
    {
        if (parsed.GetValue(PreparedRun.SpecFile) is not { } path)
            return null;
        var file = RunFile.Read(CommonOptions.ExistingFile(path, "--spec"));
        return new()
        {
            RunId = "served",
            Domains = ["any"],
            Count = 1,
            Seed = 0,
            Model = EndpointSetup.ModelName,
            Endpoints = EndpointSetup.Named(file.Roles, file.Endpoints, RunFile.SharedEndpoints(SiloConfiguration.DefaultFile)),
            Roles = file.Roles,
        };
    }
}
