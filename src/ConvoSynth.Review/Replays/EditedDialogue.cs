using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Playback;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using ConvoSynth.Runs.Trajectories;

namespace ConvoSynth.Review.Replays;

/// <summary>
/// Plays a row again as a reviewer has edited it: every call is executed in the row's own pack and world, observations come from the
/// environment, and all checks judge the result. Judges are not asked again.
/// </summary>
public sealed class EditedDialogue : IDisposable
{
    private readonly KeptInputs _inputs;
    private readonly Lazy<RunSetup> _setup;

    /// <exception cref="ConvoSynth.Runs.RunException">There is no run, or its spec is damaged.</exception>
    public EditedDialogue(RunFolder run, TimeProvider time)
    {
        Spec = SpecFile.Read(run);
        _inputs = new(run);
        // Packs are compiled when the first edit needs them.
        _setup = new(() => new RunSetups(_inputs, time) { JournalOnly = true, KnownWorlds = () => RowWorlds.Of(run) }.For(Spec));
    }

    public RunSpec Spec { get; }

    public RunSetup Setup => _setup.Value;

    public IRunInputs Inputs => _inputs;

    /// <summary>The turns of a row, as an editor shows them.</summary>
    public static IReadOnlyList<EditedTurn> TurnsOf(ShardRow row) =>
        [
            .. RowConversation
                .Of(row, [])
                .Messages.Where(m => m.Role is MessageRole.User or MessageRole.Assistant)
                .Select(m => new EditedTurn(
                    m.Role == MessageRole.User ? "user" : "assistant",
                    m.Content,
                    [.. m.ToolCalls.Select(c => new EditedCall(c.Id, c.Name, c.Arguments))]
                )),
        ];

    /// <summary>Executes and verifies the edited dialogue.</summary>
    /// <exception cref="ReviewException">The turns are no dialogue.</exception>
    public Trajectory Play(ShardRow row, IReadOnlyList<EditedTurn> turns)
    {
        if (Problem(turns) is { } problem)
            throw new ReviewException(problem);
        if (row.Blueprint.IsEmpty)
            throw new ReviewException($"the row {row.Id} has no task: it failed before there was a dialogue");
        var blueprint = RowConversation.BlueprintOf(row);
        var pack = Setup.PackOf(blueprint);
        var before = RowConversation.Of(row, pack.ToolsFor(blueprint));
        var environment = new ExecutedCalls(pack, blueprint);
        var messages = Messages(environment, turns);
        var end = EndOf(before, environment, messages);
        messages = WithMark(messages, end);
        var conversation = before with
        {
            Messages = messages,
            Meta = [.. messages.Select(_ => new MessageMeta())],
            End = end,
            StopReason = null,
        };
        return DialogueRunner.TrajectoryOf(Setup, row.Index, row.Attempt, blueprint, conversation);
    }

    public void Dispose() => _inputs.Dispose();

    // A dialogue that was broken off stays so until turns are added to it; any other ends by its last turn.
    private static DialogueEnd EndOf(Conversation before, ExecutedCalls environment, ImmutableArray<Message> messages)
    {
        if (before.End == DialogueEnd.OutOfScope)
            return DialogueEnd.OutOfScope;
        if (before.End == DialogueEnd.RecordEnd && messages.Length <= before.Messages.Length)
            return DialogueEnd.RecordEnd;
        if (messages[^1].Role == MessageRole.User)
            return DialogueEnd.HumanStop;
        var isHandedOver = environment.Calls.Any(c => c.Succeeded && c.Tool is { Kind: ToolKind.Transfer });
        return isHandedOver ? DialogueEnd.Transfer
            // A human who only sends the closing mark has no message in the row.
            : before.End == DialogueEnd.HumanStop && messages.Length >= before.Messages.Length ? DialogueEnd.HumanStop
            : DialogueEnd.RecordEnd;
    }

    // Rows show no closing mark; checks of a dialogue's end look for it.
    private static ImmutableArray<Message> WithMark(ImmutableArray<Message> messages, DialogueEnd end)
    {
        var mark = end switch
        {
            DialogueEnd.HumanStop => StopMarks.Stop,
            DialogueEnd.OutOfScope => StopMarks.OutOfScope,
            _ => null,
        };
        if (mark is null)
            return messages;
        return messages[^1] is { Role: MessageRole.User } last
            ? messages.SetItem(messages.Length - 1, last with { Content = $"{last.Content} {mark}" })
            : messages.Add(Message.User(mark));
    }

    private static ImmutableArray<Message> Messages(ExecutedCalls environment, IReadOnlyList<EditedTurn> turns)
    {
        var messages = ImmutableArray.CreateBuilder<Message>();
        var added = 0;
        foreach (var turn in turns)
        {
            var at = messages.Count;
            ImmutableArray<ToolCall> calls = [.. turn.Calls.Select(c => new ToolCall(c.Id ?? $"edited-{added++}", c.Name, c.Arguments))];
            messages.Add(
                new()
                {
                    Role = turn.Role == "user" ? MessageRole.User : MessageRole.Assistant,
                    Content = calls.IsEmpty ? turn.Text ?? "" : turn.Text,
                    ToolCalls = calls,
                }
            );
            foreach (var call in calls)
            {
                var executed = environment.Execute(call, at, messages.Count);
                messages.Add(Message.Observation(call, executed.Result.Text));
            }
        }

        return messages.ToImmutable();
    }

    private static string? Problem(IReadOnlyList<EditedTurn> turns)
    {
        if (turns.Count is 0 or > 1000)
            return "a dialogue has 1 to 1,000 turns";
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            if (turn.Role is not ("user" or "assistant"))
                return $"turn {i + 1} is of \"{turn.Role}\"; it must be of user or assistant";
            if (turn.Role == "user" && turn.Calls.Count > 0)
                return $"turn {i + 1} is the human's, who calls no tools";
            if (turn.Calls.Count == 0 && string.IsNullOrWhiteSpace(turn.Text))
                return $"turn {i + 1} says nothing and calls nothing";
            if (turn.Calls.FirstOrDefault(c => c.Name.Length == 0) is not null)
                return $"turn {i + 1} calls a tool without a name";
            var ids = turns.SelectMany(t => t.Calls).Where(c => c.Id is not null).Select(c => c.Id).ToArray();
            if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Length)
                return "two calls have the same id; leave the id out of the copied one";
        }

        return null;
    }
}
