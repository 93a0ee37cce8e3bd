using System.Collections.Concurrent;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Export.Tasks;
using ConvoSynth.Models;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Serve.Rewards;
using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Episodes;

/// <summary>The tasks of a server, the packs that they are about, and the human who plays in them. Shared by all episodes.</summary>
internal sealed class ServedEnvironment : IDisposable
{
    private readonly ConcurrentDictionary<IReadOnlyList<string>, IReadOnlyList<ToolDefinition>> _tools = new(
        ReferenceEqualityComparer.Instance
    );
    private readonly List<IDisposable> _owned = [];

    /// <summary>The same tasks with another human.</summary>
    public ServedEnvironment WithHuman(IChatModel human) => new(Name, Setup with { Human = human }, Tasks, Human, Reward);

    private ServedEnvironment(string name, RunSetup setup, TaskSet tasks, HumanKind human, RewardRule reward) =>
        (Name, Setup, Tasks, Human, Reward) = (name, setup, tasks, human, reward);

    /// <summary>The run's or the pack's name.</summary>
    public string Name { get; }

    public RunSetup Setup { get; }

    public TaskSet Tasks { get; }

    public HumanKind Human { get; }

    public RewardRule Reward { get; }

    /// <summary>Whether the human is a tool of the agent, beside the pack's.</summary>
    /// <value>True by default.</value>
    public bool ReplyIsTool { get; init; } = true;

    /// <summary>The tools of a task as a client sees them. Tasks with one list of tools share the definitions.</summary>
    public IReadOnlyList<ToolDefinition> ToolsOf(ServedTask task) =>
        _tools.GetOrAdd(
            task.Tools,
            _ =>
            {
                var blueprint = task.Blueprint();
                var own = Setup.PackOf(blueprint).ToolsFor(blueprint);
                return ReplyIsTool ? [.. own, ReplyTool.Definition] : own;
            }
        );

    /// <exception cref="ServeException">The options do not go together, or there is no task.</exception>
    /// <exception cref="Runs.RunException">There is no such run or pack.</exception>
    public static async ValueTask<ServedEnvironment> Load(
        EnvironmentOptions options,
        RewardRule reward,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (options.Splits.Problem() is { } shares)
            throw new ServeException(shares);
        if (options.Count is < 1)
            throw new ServeException($"--count is {options.Count}; it must be at least 1");
        return options.Run is { } place
            ? await OfRun(options, place, reward, time, cancellationToken)
            : await OfPack(options, options.Pack!, reward, time, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private static async ValueTask<ServedEnvironment> OfRun(
        EnvironmentOptions options,
        RunPlace place,
        RewardRule reward,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var folder = RunFolders.OpenExisting(place, !options.ChecksShards);
        var spec = SpecFile.Read(folder);
        var kept = new KeptInputs(folder);
        try
        {
            var human = HumanOf(options, spec);
            var setups = new RunSetups(kept, time)
            {
                JournalOnly = human != HumanKind.Endpoint || options.Endpoints is not null,
                KnownWorlds = () => RowWorlds.Of(folder),
            };
            setups.RequireModel(spec);
            var setup = setups.For(spec);
            var reading = new TaskReading(options);
            var tasks =
                spec.Model == RecordedSetup.ModelName
                    ? await reading.OfRecord(setup, RecordOf(kept, spec), cancellationToken)
                    : reading.OfRows(folder);
            var environment = Make(options, folder.Name, setup, new TaskSet(tasks, folder.Path), (human, reward), time);
            environment._owned.Add(kept);
            return environment;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    private static async ValueTask<ServedEnvironment> OfPack(
        EnvironmentOptions options,
        string pack,
        RewardRule reward,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (options.TaskFile is null != options.Recorded is null)
            throw new ServeException("--tasks and --recorded go together: the tasks, and the dialogues recorded on them");
        var folders = new PackFolders(options.Packs);
        var spec = new RunSpec
        {
            RunId = "served",
            Domains = [pack],
            Data = options.Data,
            Count = options.Count ?? int.MaxValue,
            Seed = options.Seed,
            Combined = options.Combined,
            Slices = options.Slices,
            Model = options.Recorded is null ? RehearsalModel.ModelName : RecordedSetup.ModelName,
            Tasks = options.TaskFile,
            Recorded = options.Recorded,
            PartitionSize = RunBoundsOfPack,
        };
        if (spec.Problem() is { } problem)
            throw new ServeException(problem);
        var setup = new RunSetups(folders, time).For(spec);
        var reading = new TaskReading(options);
        var tasks = options.Recorded is null
            ? await reading.Sample(setup, cancellationToken)
            : await reading.OfRecord(setup, RecordOf(folders, spec), cancellationToken);
        return Make(options, pack, setup, new TaskSet(tasks, pack), (HumanOf(options, spec), reward), time);
    }

    // The spec plays no run, so partitions mean nothing; the largest size keeps their number small.
    private const int RunBoundsOfPack = 1_000_000;

    private static HumanKind HumanOf(EnvironmentOptions options, RunSpec spec)
    {
        var isRecord = spec.Model == RecordedSetup.ModelName;
        var human = options.Human ?? (isRecord ? HumanKind.Recorded : HumanKind.Rehearsal);
        if (human == HumanKind.Recorded && !isRecord)
            throw new ServeException("--human recorded needs dialogues: a run of convosynth replay, or --tasks and --recorded");
        if (human == HumanKind.Rehearsal && isRecord)
            throw new ServeException("--human rehearsal needs a scenario, which recorded tasks lack; choose recorded or endpoint");
        if (human == HumanKind.Endpoint && options.Endpoints is null && spec.Model != EndpointSetup.ModelName)
            throw new ServeException("--human endpoint needs --spec FILE with endpoints and roles: {human: NAME, agent: NAME}");
        return human;
    }

    private static RecordedDialogues RecordOf(IRunInputs inputs, RunSpec spec)
    {
        var file = inputs.PathOf(spec, InputKind.Recorded, spec.Recorded!);
        return RecordedDialogues.Read(file, File.ReadAllBytes(file));
    }

    private static ServedEnvironment Make(
        EnvironmentOptions options,
        string name,
        RunSetup setup,
        TaskSet tasks,
        (HumanKind Human, RewardRule Reward) plays,
        TimeProvider time
    )
    {
        switch (plays.Human)
        {
            case HumanKind.Rehearsal:
                setup = setup with { Human = new RehearsalModel(setup.PackOf, time: time) };
                break;
            case HumanKind.Endpoint:
                var human = options.Endpoints is { } spec ? Endpoint(spec, time) : setup.Human;
                setup = setup with
                {
                    Human = new CheckedHuman(human, setup.PackOf, time, CheckedHuman.Patience),
                    Prompts = setup.Prompts ?? new PackFolders(options.Packs).PromptsOf(setup.Spec),
                };
                break;
        }

        return new(name, setup, tasks, plays.Human, plays.Reward) { ReplyIsTool = options.HumanTurn == HumanTurn.Tool };
    }

    private static EndpointModel Endpoint(RunSpec spec, TimeProvider time)
    {
        if ((spec.Problem() ?? new EndpointKeys().Problem(spec.Endpoints)) is { } problem)
            throw new ServeException(problem);
        return new EndpointModels(spec, new() { Time = time }).Human;
    }
}
