using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Recorded;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Audits;

/// <summary>
/// Dialogues of real models that earned the benchmark's reward and that the checks accept. Faults are planted by editing them.
/// </summary>
internal sealed class RecordedSource : IAuditSource
{
    private readonly Pack _pack;
    private readonly Seed _seed;
    private readonly List<AuditedDialogue> _passing = [];
    private readonly List<AuditedDialogue> _rewarded = [];

    private RecordedSource(Pack pack, long seed)
    {
        _pack = pack;
        _seed = new((ulong)seed);
    }

    public string Text => "recorded";

    /// <summary>
    /// The number of dialogues that earned the reward. The checks may still reject some, since the reward covers the outcome only.
    /// </summary>
    public int Rewarded => _rewarded.Count;

    public int Passing => _passing.Count;

    /// <exception cref="CommandException">The files do not fit together, or no dialogue passes.</exception>
    public static RecordedSource Read(Pack pack, string recordedFile, string tasksFile, long seed, Verifier verifier)
    {
        var source = new RecordedSource(pack, seed);
        var record = RecordedDialogues.Read(recordedFile, File.ReadAllBytes(recordedFile));
        var tasks = RecordedSetup.TasksById(tasksFile);
        foreach (var dialogue in record.Dialogues)
        {
            if (dialogue.Reward < 1)
                continue;
            if (!tasks.TryGetValue(dialogue.TaskId, out var task))
                throw new CommandException(
                    $"{recordedFile}: the dialogue {dialogue.Id} is about the task {dialogue.TaskId}, which {tasksFile} does not have"
                );
            var blueprint = ForeignTask.AsBlueprint(pack, task, dialogue.Instruction);
            var conversation = ConversationFaults.Observed(pack, blueprint, dialogue.AsConversation(pack, record.System));
            source._rewarded.Add(new(dialogue.Id, pack, blueprint, conversation));
            if (!verifier.Verify(pack, blueprint, conversation).Verdicts.Any(v => v.Rejects))
                source._passing.Add(source._rewarded[^1]);
        }

        return source._passing.Count > 0
            ? source
            : throw new CommandException(
                $"{recordedFile}: none of the {source.Rewarded} dialogues with reward 1 passes the checks, "
                    + "so no fault can be planted in one"
            );
    }

    public string? WhyNot(string kind) => ConversationFaults.WhyNot(kind);

    public ValueTask<AuditedDialogue?> Plant(string kind, long index, CancellationToken cancellationToken)
    {
        var clean = At(index);
        var planted = ConversationFaults.Plant(kind, _pack, clean.Blueprint, clean.Conversation, _seed.For(kind).For(index));
        return new(
            planted is null
                ? null
                : clean with
                {
                    Id = $"{clean.Id} edit {index}",
                    Blueprint = planted.Blueprint,
                    Conversation = planted.Conversation,
                    Needless = planted.At,
                }
        );
    }

    public ValueTask<AuditedDialogue?> Clean(string? kind, long index, CancellationToken cancellationToken) => new(At(index));

    public ValueTask<AuditedDialogue?> Right(long index, CancellationToken cancellationToken) =>
        new(index < _rewarded.Count ? _rewarded[(int)index] : null);

    private AuditedDialogue At(long index) => _passing[(int)(index % _passing.Count)];
}
