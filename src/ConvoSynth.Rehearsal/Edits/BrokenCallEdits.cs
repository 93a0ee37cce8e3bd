using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Domains;
using ConvoSynth.Rehearsal.Faults;

namespace ConvoSynth.Rehearsal.Edits;

// Calls that no server takes: broken arguments, an unknown tool, an identifier that nothing showed, a call without end.
internal sealed partial class CallEdits
{
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

    private Conversation? Spoilt(Func<ToolCall, ToolCall?> spoil)
    {
        foreach (var (at, call, _) in Writes.Concat(Reads))
        {
            if (spoil(call) is { } other)
                return With(at, other, mustSucceed: false, mustBeOff: false);
        }

        return null;
    }
}
