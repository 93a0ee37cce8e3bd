using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Executes calls on a fresh environment, as the dialogue would, to test whether a fault changes anything.</summary>
internal sealed class Trial
{
    private readonly Pack _pack;
    private readonly Blueprint _blueprint;

    public Trial(Pack pack, Blueprint blueprint)
    {
        _pack = pack;
        _blueprint = blueprint;
        Environment = new(pack, blueprint.Patch);
    }

    public DialogueEnvironment Environment { get; }

    /// <summary>
    /// Makes the gold writes from one index to before another, except the given one. Reads never change state, so they are skipped.
    /// </summary>
    public Trial Gold(int from, int to, int except = -1)
    {
        for (var i = from; i < to; i++)
        {
            if (i != except && _blueprint.Actions[i].Writes)
                Environment.Call(_pack.Tools.Find(_blueprint.Actions[i].Tool)!, _blueprint.Actions[i].Arguments);
        }

        return this;
    }

    /// <summary>Makes the calls of the messages from one index to before another.</summary>
    public Trial Made(IReadOnlyList<Message> messages, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            foreach (var call in messages[i].ToolCalls)
                Execute(call);
        }

        return this;
    }

    /// <summary>The environment's result for a call, unchanged.</summary>
    public CallResult Execute(ToolCall call) =>
        _blueprint.AvailableTools.Contains(call.Name, StringComparer.Ordinal)
            ? Environment.Call(call.Name, call.Arguments)
            : new($"Error: unknown tool {call.Name}", Json.Null, isError: true);

    /// <summary>Whether the call succeeds now and changes something.</summary>
    public bool Writes(ToolSpec tool, Json arguments)
    {
        var before = Environment.Db.Writes.Count;
        return !Environment.Call(tool, arguments).IsError && Environment.Db.Writes.Count > before;
    }

    public StateDiff Diff => _pack.Canon.Canonical(Environment.Diff());

    /// <summary>Whether the state is none of the accepted end states.</summary>
    public bool IsOff
    {
        get
        {
            var diff = Diff;
            return !_blueprint.AcceptedEndStates.Any(s => s.Diff.Equals(diff));
        }
    }
}
