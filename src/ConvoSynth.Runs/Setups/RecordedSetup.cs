using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Rehearsal;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Setups;

/// <summary>The setup of a run that plays back recorded dialogues: index <c>i</c> is the record's dialogue <c>i</c>.</summary>
public static class RecordedSetup
{
    public const string ModelName = "recorded";

    public static RunSetup Make(RunSpec spec, Dictionary<string, Pack> packs, IRunInputs inputs)
    {
        if (spec.Tasks is not { } tasks || spec.Recorded is not { } recorded)
            throw new RunException($"the model {ModelName} plays a record: use the command replay");
        var (tasksFile, recordedFile) = (inputs.PathOf(spec, InputKind.Tasks, tasks), inputs.PathOf(spec, InputKind.Recorded, recorded));
        var domain = spec.Domains[0];
        var record = RecordedDialogues.Read(recordedFile, File.ReadAllBytes(recordedFile));
        var blueprints = new RecordedBlueprints(packs[domain], record, TasksById(tasksFile), recordedFile, tasksFile);
        var model = new RecordedModel(i => i >= 0 && i < record.Dialogues.Length ? record.Dialogues[(int)i].Messages : null, ModelName);
        // Our limits must not end a recorded dialogue early.
        var longest = record.Dialogues.Max(d => d.Messages.Length) + 2;
        return new()
        {
            Spec = spec,
            Packs = packs,
            Human = model,
            Agent = model,
            Blueprints = blueprints,
            Verifiers = packs.ToDictionary(p => p.Key, p => Verifier.Of(p.Value, spec), StringComparer.Ordinal),
            Limits = new() { Messages = longest, CallsInARow = longest },
            Systems =
                record.System.Length == 0
                    ? new Dictionary<string, string>(StringComparer.Ordinal)
                    : new(StringComparer.Ordinal) { [domain] = record.System },
        };
    }

    public static Dictionary<string, CheckedTask> TasksById(string file)
    {
        var tasks = new Dictionary<string, CheckedTask>(StringComparer.Ordinal);
        foreach (var task in TaskFile.Read(file))
        {
            if (!tasks.TryAdd(task.Id, task))
                throw new RunException($"{file}: the task {task.Id} is there twice");
        }

        return tasks;
    }
}

/// <summary>Blueprints of the recorded dialogues' tasks.</summary>
internal sealed class RecordedBlueprints : IBlueprintSource
{
    private readonly Pack _pack;
    private readonly RecordedDialogues _record;
    private readonly Dictionary<string, CheckedTask> _tasks;

    public RecordedBlueprints(
        Pack pack,
        RecordedDialogues record,
        Dictionary<string, CheckedTask> tasks,
        string recordedFile,
        string tasksFile
    )
    {
        _pack = pack;
        _record = record;
        _tasks = tasks;
        foreach (var dialogue in record.Dialogues)
        {
            if (!tasks.ContainsKey(dialogue.TaskId))
                throw new RunException(
                    $"{recordedFile}: the dialogue {dialogue.Id} is about the task {dialogue.TaskId}, which {tasksFile} does not have"
                );
        }
    }

    public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken)
    {
        if (index < 0 || index >= _record.Dialogues.Length)
            throw new BlueprintException($"the record has no dialogue {index}");
        var dialogue = _record.Dialogues[(int)index];
        return new(ForeignTask.AsBlueprint(_pack, _tasks[dialogue.TaskId], dialogue.Instruction) with { Index = index });
    }
}
