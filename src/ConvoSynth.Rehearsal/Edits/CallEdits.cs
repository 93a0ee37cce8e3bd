using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Rehearsal.Scripts;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>
/// Plants faults by editing the calls of a finished conversation. Later observations are recomputed from the environment.
/// </summary>
internal sealed partial class CallEdits
{
    private const int Tries = 12;
    private readonly Pack _pack;
    private readonly Blueprint _blueprint;
    private readonly Conversation _clean;
    private readonly SeededRandom _random;
    private readonly ArgumentVariants _variants;
    private readonly BrokenCalls _broken;
    private readonly (int Message, ToolCall Call, ToolSpec Tool)[] _calls;

    public CallEdits(Pack pack, Blueprint blueprint, Conversation clean, SeededRandom random)
    {
        _pack = pack;
        _blueprint = blueprint;
        _clean = clean;
        _random = random;
        _variants = new(pack, random);
        _broken = new(pack, blueprint, random);
        _calls = [.. Succeeded()];
    }

    private ImmutableArray<Message> Messages => _clean.Messages;

    private IEnumerable<(int Message, ToolCall Call, ToolSpec Tool)> Writes => _random.Shuffled(_calls.Where(c => c.Tool.Writes));

    private IEnumerable<(int Message, ToolCall Call, ToolSpec Tool)> Reads =>
        _random.Shuffled(_calls.Where(c => c.Tool.Kind == ToolKind.Read));

    /// <summary>The successful calls, each alone in its message.</summary>
    private IEnumerable<(int Message, ToolCall Call, ToolSpec Tool)> Succeeded()
    {
        for (var i = 0; i + 1 < Messages.Length; i++)
        {
            if (Messages[i].ToolCalls is not [var call] || _pack.Tools.Find(call.Name) is not { } tool)
                continue;
            if (Messages[i + 1] is { Role: MessageRole.Tool, Content: { } text } && !text.StartsWith("Error", StringComparison.Ordinal))
                yield return (i, call, tool);
        }
    }

    public Conversation? OtherArgument(bool confirmedOnly)
    {
        foreach (var (at, call, tool) in Writes)
        {
            var details = confirmedOnly ? WrongWrites.Details(_pack, tool.Name) : null;
            if (confirmedOnly && details is null)
                continue;
            if (Arguments(call) is not { } arguments)
                continue;
            var before = new Trial(_pack, _blueprint).Made(Messages, 0, at);
            foreach (
                var other in _variants
                    .Of(
                        tool,
                        arguments,
                        before.Environment.Db,
                        p => details is null || details.Contains(p.Name) || (p.Is is not null && details.Contains(p.Is))
                    )
                    .Take(Tries)
            )
            {
                if (With(at, call with { Arguments = other.ToString() }, mustSucceed: true, mustBeOff: true) is { } edited)
                    return edited;
            }
        }

        return null;
    }

    /// <summary>Removes a write; the messages about it stay.</summary>
    public Conversation? Dropped()
    {
        foreach (var (at, _, _) in Writes)
        {
            var draft = new Draft(_clean);
            draft.Remove(at, 2);
            if (draft.Observe(_pack, _blueprint).IsOff)
                return draft.Finish();
        }

        return null;
    }

    /// <summary>Replaces a write with the agent's refusal.</summary>
    public Conversation? Refused()
    {
        foreach (var (at, _, _) in Writes)
        {
            if (at + 2 >= Messages.Length || !IsText(Messages[at + 2]))
                continue;
            var draft = new Draft(_clean);
            draft.Replace(
                at + 2,
                Message.Assistant(
                    $"I'm sorry, but I can't do that, because {_random.Pick(FaultyAgentLines.InventedReasons)}. "
                        + "Is there anything else I can help with?"
                )
            );
            draft.Remove(at, 2);
            if (draft.Observe(_pack, _blueprint).IsOff)
                return draft.Finish();
        }

        return null;
    }

    public Conversation? Extra()
    {
        foreach (var (at, call, tool) in Writes)
        {
            if (Arguments(call) is not { } arguments)
                continue;
            var db = new Trial(_pack, _blueprint).Made(Messages, 0, at + 1).Environment.Db;
            foreach (var other in _variants.OtherRows(tool, arguments, db).Take(Tries))
            {
                if (Inserted(at + 2, mustSucceed: true, mustBeOff: true, new PlannedCall(tool.Name, other.ToString())) is { } edited)
                    return edited;
            }
        }

        return null;
    }

    public Conversation? ThenUndone()
    {
        foreach (var (at, call, tool) in Writes)
        {
            if (Arguments(call) is not { } arguments)
                continue;
            var db = new Trial(_pack, _blueprint).Made(Messages, 0, at + 1).Environment.Db;
            foreach (var other in _variants.OtherRows(tool, arguments, db).Take(Tries))
            {
                if (
                    TakingBack.Find(_pack, _blueprint, () => new Trial(_pack, _blueprint).Made(Messages, 0, at + 1), tool, other)
                    is not { } undo
                )
                    continue;
                if (Inserted(at + 2, mustSucceed: true, mustBeOff: false, new PlannedCall(tool.Name, other.ToString()), undo) is { } edited)
                    return edited;
            }
        }

        return null;
    }

    private static bool IsText(Message message) => message is { Role: MessageRole.Assistant, ToolCalls.IsEmpty: true };

    private static bool Says(Message message, string id) =>
        message.Content?.Contains(id, StringComparison.OrdinalIgnoreCase) == true
        || message.ToolCalls.Any(c => c.Arguments.Contains(id, StringComparison.OrdinalIgnoreCase));

    private static JsonMap? Arguments(ToolCall call) => Json.TryParse(call.Arguments, out var value, out _) ? value as JsonMap : null;

    private Conversation? With(int at, ToolCall call, bool mustSucceed, bool mustBeOff)
    {
        var draft = new Draft(_clean);
        draft.Replace(at, Messages[at] with { ToolCalls = [call] });
        return Kept(draft, at, 1, mustSucceed, mustBeOff);
    }

    private Conversation? Inserted(int at, bool mustSucceed, bool mustBeOff, params PlannedCall[] calls)
    {
        var draft = new Draft(_clean);
        for (var i = 0; i < calls.Length; i++)
            draft.InsertCall(at + (2 * i), new($"editcall{i + 1}", calls[i].Tool, calls[i].Arguments));
        return Kept(draft, at, calls.Length, mustSucceed, mustBeOff);
    }

    private Conversation? Kept(Draft draft, int at, int calls, bool mustSucceed, bool mustBeOff)
    {
        var trial = draft.Observe(_pack, _blueprint);
        for (var i = 0; i < calls; i++)
        {
            if (mustSucceed && draft.Messages[at + (2 * i) + 1].Content?.StartsWith("Error", StringComparison.Ordinal) == true)
                return null;
        }

        return mustBeOff && !trial.IsOff ? null : draft.Finish();
    }
}
