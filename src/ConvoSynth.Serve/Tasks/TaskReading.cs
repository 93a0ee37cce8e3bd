using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Export.Tasks;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Serve.Tasks;

/// <summary>The tasks of a run's rows, of a sampler, and of a record.</summary>
internal sealed class TaskReading(EnvironmentOptions options)
{
    // A pack's sampler never ends; so many tasks are sampled when a server starts, within seconds.
    private const int Sampled = 1000;

    private static readonly string[] Columns =
    [
        "id",
        "run_id",
        "domain",
        "index",
        "status",
        "family_id",
        "intent",
        "slice",
        "blueprint",
        "verdicts",
        "pack_hash",
        "world",
    ];

    private readonly Dictionary<string, IReadOnlyList<string>> _tools = new(StringComparer.Ordinal);

    private int Most => options.Count ?? int.MaxValue;

    /// <summary>
    /// The task of each index once, however its dialogue ended. A task is left out if its own faults, or the environment's, were found, or
    /// if its tools change: the protocols list a task's tools when it begins.
    /// </summary>
    public IReadOnlyList<ServedTask> OfRows(RunFolder run)
    {
        var tasks = new SortedDictionary<long, ServedTask>();
        foreach (var row in new RunReader(run).Rows(columns: Columns))
        {
            if (row.Blueprint.IsEmpty || row.Slice == Slices.LateTool || tasks.ContainsKey(row.Index) || IsFaulty(row))
                continue;
            var cell = row.Blueprint;
            tasks.Add(
                row.Index,
                Served(
                    new() { Id = TaskId.Of(row), Blueprint = cell },
                    RowConversation.BlueprintOf(row),
                    options.Splits.Of(row),
                    () => RowConversation.BlueprintOf(new() { Id = row.Id, Blueprint = cell })
                )
            );
        }

        return [.. tasks.Values.Take(Most)];
    }

    /// <exception cref="ServeException">No index has a task.</exception>
    public async ValueTask<IReadOnlyList<ServedTask>> Sample(RunSetup setup, CancellationToken cancellationToken)
    {
        var tasks = new List<ServedTask>();
        BlueprintException? last = null;
        for (var index = 0L; index < (options.Count ?? Sampled); index++)
        {
            try
            {
                var blueprint = await setup.Blueprints.Make(index, cancellationToken);
                if (blueprint.Twist?.LateTool is not null)
                    continue;
                var row = new ShardRow
                {
                    Id = blueprint.Id,
                    Domain = blueprint.Domain,
                    PackHash = blueprint.PackHash,
                    FamilyId = blueprint.FamilyId,
                };
                tasks.Add(Served(row, blueprint, options.Splits.Of(row), () => blueprint));
            }
            catch (BlueprintException e)
            {
                last = e;
            }
        }

        return tasks.Count > 0
            ? tasks
            : throw new ServeException(
                last?.Message ?? $"every sampled task is of the slice {Slices.LateTool}, whose tools change: name another slice beside it"
            );
    }

    /// <summary>One task for each recorded dialogue, under its id.</summary>
    public async ValueTask<IReadOnlyList<ServedTask>> OfRecord(
        RunSetup setup,
        RecordedDialogues record,
        CancellationToken cancellationToken
    )
    {
        var tasks = new List<ServedTask>();
        for (var i = 0; i < Math.Min(record.Dialogues.Length, Most); i++)
        {
            var (dialogue, blueprint) = (record.Dialogues[i], await setup.Blueprints.Make(i, cancellationToken));
            var row = new ShardRow
            {
                Id = dialogue.Id,
                Domain = blueprint.Domain,
                PackHash = blueprint.PackHash,
                FamilyId = blueprint.FamilyId,
            };
            tasks.Add(
                Served(row, blueprint, options.Splits.Of(row), () => blueprint) with
                {
                    RecordedMoves = dialogue.Messages.Sum(m =>
                        m.Role == Core.Dialogues.MessageRole.Assistant ? Math.Max(1, m.ToolCalls.Length) : 0
                    ),
                }
            );
        }

        return tasks;
    }

    private ServedTask Served(ShardRow row, Blueprint blueprint, string split, Func<Blueprint> read)
    {
        var tools = $"{blueprint.Domain}\n{string.Join('\n', blueprint.AvailableTools)}";
        if (!_tools.TryGetValue(tools, out var names))
            _tools[tools] = names = [.. blueprint.AvailableTools];
        return new()
        {
            Id = row.Id,
            Domain = blueprint.Domain,
            Index = blueprint.Index,
            Split = split,
            Intent = blueprint.Intent,
            Slice = blueprint.Slice,
            Tools = names,
            Blueprint = read,
        };
    }

    private static bool IsFaulty(ShardRow row) =>
        row.Status == RowStatus.Rejected
        && RowConversation.VerdictsOf(row).Any(v => v is { Outcome: Outcome.Fail, Fault: Fault.Blueprint or Fault.Environment });
}
