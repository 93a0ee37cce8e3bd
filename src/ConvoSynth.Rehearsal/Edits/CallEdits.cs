using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Rehearsal;

/// <summary>
/// Plants faults by editing the calls of a finished conversation. Later observations are recomputed from the environment.
/// </summary>
internal sealed class CallEdits
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
                    $"I'm sorry, but I can't do that, because {_random.Pick(AgentLines.InventedReasons)}. "
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

    /// <summary>Removes the messages between the last observation and a write, so that the write comes unannounced.</summary>
    public Conversation? Unconfirmed()
    {
        foreach (var (at, _, tool) in Writes)
        {
            if (WrongWrites.Details(_pack, tool.Name) is null)
                continue;
            var from = at - 1;
            while (from >= 0 && Messages[from].Role != MessageRole.Tool && !Messages[from].ToolCalls.Any())
                from--;
            if (from < 0 || at - from < 3)
                continue;
            var draft = new Draft(_clean);
            draft.Remove(from + 1, at - from - 1);
            draft.Observe(_pack, _blueprint);
            return draft.Finish();
        }

        return null;
    }

    /// <summary>Removes the proof of identity, but keeps the reads of personal rows.</summary>
    public Conversation? Unidentified()
    {
        if (
            !_calls.Any(c =>
                c.Tool.Writes
                || c.Tool.Reveals.Any(r =>
                    _pack.Domain.Entities.TryGetValue(r.Split('.')[0], out var e) && _pack.Rows.IsOwned(e) && !IsProof(c.Tool)
                )
            )
        )
            return null;
        var draft = new Draft(_clean);
        var any = false;
        for (var i = Messages.Length - 2; i >= 0; i--)
        {
            if (Messages[i].ToolCalls is not [var call] || _pack.Tools.Find(call.Name) is not { } tool || !IsProof(tool))
                continue;
            draft.Remove(i, 2);
            any = true;
            Misname(draft, i, tool, call);
        }

        if (!any)
            return null;
        draft.Observe(_pack, _blueprint);
        return draft.Finish();
    }

    // If the key alone proves identity, saying it identifies the human. So the human says another key.
    private void Misname(Draft draft, int before, ToolSpec proof, ToolCall call)
    {
        var key = $"{_pack.Domain.Who}.{_pack.Domain.Entity(_pack.Domain.Who).Key}";
        if (
            proof.Parameters.FirstOrDefault(p => p.Is == key) is not { } parameter
            || Json.Parse(call.Arguments)[parameter.Name].Text is not { Length: > 1 } said
        )
            return;
        for (var i = 0; i < before; i++)
        {
            if (Messages[i] is { Role: MessageRole.User, Content: { } text } human)
                draft.Replace(i, human with { Content = text.Replace(said, $"{said}{_random.Between(1, 9)}", StringComparison.Ordinal) });
        }
    }

    public Conversation? Malformed() =>
        Spoilt(call => _broken.Garbled(call.Arguments) is { } arguments ? call with { Arguments = arguments } : null);

    public Conversation? UnknownTool() => Spoilt(call => _broken.Misnomer(call.Name) is { } name ? call with { Name = name } : null);

    public Conversation? WrongType() =>
        Spoilt(call =>
            Arguments(call) is { } arguments && _broken.Mistyped(_pack.Tools.Find(call.Name)!, arguments) is { } mistyped
                ? call with
                {
                    Arguments = mistyped.ToString(),
                }
                : null
        );

    public Conversation? InventedIdentifier()
    {
        foreach (var (at, call, tool) in Reads)
        {
            if (Arguments(call) is not { } arguments)
                continue;
            foreach (var parameter in _random.Shuffled(tool.Parameters))
            {
                if (!StrangeCalls.IsId(_pack, parameter) || arguments[parameter.Name] is not JsonText { Value: var right })
                    continue;
                for (var i = 0; i < Tries; i++)
                {
                    if (StrangeCalls.OtherDigits(right, _random) is not { } id || Messages.Any(m => Says(m, id)))
                        continue;
                    return Inserted(
                        at,
                        mustSucceed: false,
                        mustBeOff: false,
                        new PlannedCall(tool.Name, arguments.With(parameter.Name, id).ToString())
                    );
                }
            }
        }

        return null;
    }

    /// <summary>Withdraws a tool that the dialogue does not need, and calls it anyway.</summary>
    public PlantedEdit? NotOffered()
    {
        foreach (var name in _random.Shuffled(_blueprint.AvailableTools.Where(t => !Messages.Any(m => m.ToolCalls.Any(c => c.Name == t)))))
        {
            if (
                _pack.Tools.Find(name) is not { Kind: not ToolKind.Transfer } tool
                || new ArgumentFilling(_pack, _blueprint, _random, new Trial(_pack, _blueprint).Environment.Db).Fill(tool)
                    is not { } arguments
            )
                continue;
            foreach (var (at, _, _) in Reads)
            {
                var without = _blueprint with { AvailableTools = _blueprint.AvailableTools.Remove(name) };
                var draft = new Draft(_clean);
                draft.InsertCall(at + 2, new("editcall1", name, arguments.ToString()));
                draft.Observe(_pack, without);
                return new(without, draft.Finish(_pack.ToolsFor(without)));
            }
        }

        return null;
    }

    /// <summary>Repeats a read twice.</summary>
    public Conversation? Looped()
    {
        foreach (var (at, call, _) in Reads)
            return Inserted(
                at + 2,
                mustSucceed: false,
                mustBeOff: false,
                new PlannedCall(call.Name, call.Arguments),
                new PlannedCall(call.Name, call.Arguments)
            );
        return null;
    }

    private bool IsProof(ToolSpec tool) => _pack.Domain.Identity.Any(p => p.Tool == tool.Name);

    private static bool IsText(Message message) => message is { Role: MessageRole.Assistant, ToolCalls.IsEmpty: true };

    private static bool Says(Message message, string id) =>
        message.Content?.Contains(id, StringComparison.OrdinalIgnoreCase) == true
        || message.ToolCalls.Any(c => c.Arguments.Contains(id, StringComparison.OrdinalIgnoreCase));

    private static JsonMap? Arguments(ToolCall call) => Json.TryParse(call.Arguments, out var value, out _) ? value as JsonMap : null;

    private Conversation? Spoilt(Func<ToolCall, ToolCall?> spoil)
    {
        foreach (var (at, call, _) in Writes.Concat(Reads))
        {
            if (spoil(call) is { } other)
                return With(at, other, mustSucceed: false, mustBeOff: false);
        }

        return null;
    }

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
