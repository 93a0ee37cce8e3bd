using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>The calls of two tasks, executed one task after the other from the base.</summary>
internal sealed class JoinedRun(Pack pack)
{
    private readonly DialogueEnvironment _environment = new(pack);

    // Action of the second task → its place among all.
    private readonly List<int> _places = [];

    // Actions of the second task that an earlier call has made already.
    private readonly HashSet<int> _shared = [];

    public List<GoldAction> Actions { get; } = [];

    public Db Db => _environment.Db;

    public StateDiff Diff => pack.Canon.Canonical(_environment.Diff());

    /// <summary>The changes after the first task alone, not in canonical form.</summary>
    public StateDiff AfterFirst { get; private set; } = StateDiff.Empty;

    public StateDiff AfterBoth => _environment.Diff();

    /// <summary>Whether a read of the second task shows other than it does alone.</summary>
    public bool SecondSeesOther { get; private set; }

    /// <summary>How many actions are new in a part of the second task.</summary>
    public int NewIn(int first, int count) => Enumerable.Range(first, count).Count(IsNew);

    /// <summary>The place of the first action of the second task from an index on that is not shared with the first task.</summary>
    public int NextNew(int index)
    {
        for (var i = index; i < _places.Count; i++)
        {
            if (IsNew(i))
                return _places[i];
        }

        return Actions.Count;
    }

    /// <summary>The place of an action of the second task among all; −1 stays.</summary>
    public int Place(int action) => action < 0 ? action : _places[action];

    public RecombinationConflict? Play(Blueprint task, bool isFirst)
    {
        for (var i = 0; i < task.Actions.Length; i++)
        {
            var (action, tool) = (task.Actions[i], pack.Tools.Find(task.Actions[i].Tool)!);
            if (!isFirst && Known(action, tool) is { } known)
            {
                _places.Add(known);
                continue;
            }

            var named = $"{action.Tool}({action.Arguments})";
            if (tool.Writes && pack.Guards.Broken(Db, tool, (JsonMap)action.Arguments) is [var broken, ..])
                return new("guard", $"clause {broken.Clause} forbids {named}{(isFirst ? "" : " after the first task's calls")}");
            var result = _environment.Call(tool, action.Arguments);
            if (result.IsError)
                return new("error", $"{named} fails{(isFirst ? "" : " after the first task's calls")}: {result.Text}");
            SecondSeesOther |= !isFirst && !tool.Writes && result.Text != action.Observation;
            if (!isFirst)
                _places.Add(Actions.Count);
            Actions.Add(action with { Observation = result.Text });
        }

        if (isFirst)
            AfterFirst = _environment.Diff();
        return null;
    }

    private bool IsNew(int action) => !_shared.Contains(action);

    // A read whose result still holds is not repeated, and a person proves once who they are.
    private int? Known(GoldAction action, ToolSpec tool)
    {
        if (tool.Writes)
            return null;
        var made = Actions.FindLastIndex(a => a.Tool == action.Tool && a.Arguments == action.Arguments);
        var identity = made < 0 && Proves(tool) ? Actions.FindIndex(a => Proves(pack.Tools.Find(a.Tool)!)) : -1;
        var known =
            identity >= 0 ? identity
            : made >= 0 && made > Actions.FindLastIndex(a => a.Writes) ? made
            : made >= 0 && Proves(tool) ? made
            : -1;
        if (known < 0)
            return null;
        _shared.Add(_places.Count);
        return known;
    }

    private bool Proves(ToolSpec tool) => pack.Domain.Identity.Any(i => i.Tool == tool.Name);
}
