using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Plans and executes the reads that a task needs: backward from the required knowledge to facts that the human can state, by what
/// tools reveal. Every read is executed as it is planned, so a plan that does not work is never returned.
/// </summary>
public sealed class ReadPlanner
{
    private const int MaxDepth = 4;
    private const int MaxWays = 3;

    /// <summary>The maximum number of calls in a plan; a task that needs more is dropped.</summary>
    public const int MaxActions = 24;

    private readonly Pack _pack;
    private readonly DialogueEnvironment _environment;
    private readonly AgentKnowledge _known = new();
    private readonly GoldNeeds _needs = new();
    private readonly IReadOnlySet<string> _offered;

    public ReadPlanner(Pack pack, DialogueEnvironment environment, IReadOnlySet<string> offered)
    {
        _pack = pack;
        _environment = environment;
        _offered = offered;
    }

    public List<GoldAction> Actions { get; } = [];

    /// <summary>Notes a value that the human states.</summary>
    public void Told(Json value) => _known.Told(value);

    /// <summary>Whether the agent knows a value that a write takes; if it does, the plan needs what shows it.</summary>
    public bool Knows(Json value)
    {
        if (!_known.Knows(value))
            return false;
        Need(value, isArgument: false);
        return true;
    }

    /// <summary>Drops the reads that nothing needs. Returns their indexes, in rising order.</summary>
    public IReadOnlyList<int> DropNeedless()
    {
        var needless = _needs.Needless();
        for (var i = needless.Count - 1; i >= 0; i--)
            Actions.RemoveAt(needless[i]);
        return needless;
    }

    /// <summary>Calls a tool as part of the plan. False if it fails: then the plan is void.</summary>
    public bool Call(ToolSpec tool, JsonMap arguments) => Call(tool, arguments, isKept: true);

    private void Need(Json value, bool isArgument)
    {
        if (value is JsonList or JsonMap)
        {
            foreach (var part in value is JsonMap map ? map.Values : value.Items)
                Need(part, isArgument);
        }
        else if (!value.IsNull && !_known.IsTold(value) && _known.Knows(value))
        {
            _needs.Value(value, isArgument);
        }
    }

    private bool Call(ToolSpec tool, JsonMap arguments, bool isKept)
    {
        if (Actions.Count >= MaxActions)
            return false;
        arguments = ArgumentSpelling.Of(tool, arguments);
        // A read whose result is still valid (no write since) need not be repeated.
        if (
            !tool.Writes
            && Actions.FindLastIndex(a => a.Tool == tool.Name && a.Arguments == arguments) is >= 0 and var made
            && made > Actions.FindLastIndex(a => a.Writes)
        )
            return true;
        var result = _environment.Call(tool, arguments);
        if (result.IsError)
            return false;
        Actions.Add(
            new()
            {
                Tool = tool.Name,
                Arguments = arguments,
                Writes = tool.Writes,
                Observation = result.Text,
            }
        );
        if (!tool.Writes)
            Need(arguments, isArgument: true);
        _needs.Made(tool, arguments, result.Value, isKept);
        _known.Saw(tool, arguments, result.Value);
        return true;
    }

    /// <summary>Makes the agent see the row; does nothing if a read has shown it already.</summary>
    public bool Reveal(EntityRow row)
    {
        if (!Reveal(row, MaxDepth))
            return false;
        _needs.Row(row);
        return true;
    }

    private bool Reveal(EntityRow row, int depth)
    {
        if (_known.IsRevealed(row))
            return true;
        // The cheapest read may leave the row out (a list of free seats); then the next is tried.
        foreach (var way in Ways(row, row.Entity.Name, depth).OrderBy(w => w.Cost).Take(MaxWays))
        {
            var isByKey = row.Parent is null && !_known.Knows(row.Key) && way.Arguments.Values.Contains(row.Key);
            if (!(isByKey ? Search(row, way) : Follow(way)))
                continue;
            if (way.Tool.Omits)
            {
                _known.Missed(row);
                _needs.Missed(row);
            }

            if (_known.IsRevealed(row))
                return true;
        }

        return false;
    }

    // If the key is unknown, the agent finds the row as people do: list the keys, then look at the rows one by one.
    private bool Search(EntityRow row, Way way)
    {
        if (!way.Before.All(Follow) || _known.IsRevealed(row))
            return _known.IsRevealed(row);
        if (_pack.Rows.Owner(_environment.Db, row) is not { } owner)
            return Call(way.Tool, way.Arguments, isKept: false);
        foreach (var sibling in _pack.Rows.OwnedBy(_environment.Db, row.Entity, owner))
        {
            if (_known.IsRevealed(sibling) || !_known.Knows(sibling.Key) || WayBy(way.Tool, sibling, 1) is not { } step)
                continue;
            if (!Call(step.Tool, step.Arguments))
                return false;
            if (sibling.IsSame(row))
                return true;
        }

        return _known.IsRevealed(row);
    }

    private bool Follow(Way way)
    {
        foreach (var before in way.Before)
        {
            if (!Follow(before))
                return false;
        }

        // A step that an earlier branch of the same plan has executed need not be repeated.
        if (way.Before.Count > 0 && !way.Arguments.Values.All(_known.Knows))
            return false;
        return Call(way.Tool, way.Arguments, isKept: false);
    }

    // The read that shows the wanted entity (or field) of a row in the fewest calls.
    private Way? Cheapest(EntityRow row, string wanted, int depth) => Ways(row, wanted, depth).MinBy(w => w.Cost);

    private IEnumerable<Way> Ways(EntityRow row, string wanted, int depth)
    {
        if (depth == 0)
            yield break;
        foreach (var tool in _pack.Tools.All)
        {
            if (
                tool.Kind != ToolKind.Read
                || !(AgentKnowledge.Reveals(tool, wanted) || AgentKnowledge.Reveals(tool, row.Entity.Name))
                || !_offered.Contains(tool.Name)
            )
                continue;
            if (WayBy(tool, row, depth) is { } way)
                yield return way;
        }
    }

    private Way? WayBy(ToolSpec tool, EntityRow row, int depth)
    {
        var arguments = new List<KeyValuePair<string, Json>>();
        var before = new List<Way>();
        foreach (var parameter in tool.Parameters)
        {
            if (parameter.Is is null || _pack.Domain.Find(parameter.Is) is not { } named)
            {
                if (parameter.Optional)
                    continue;
                return null;
            }

            var target =
                named.Field.Ref is { } reference && named.Entity.Name != row.Entity.Name ? _pack.Domain.Entity(reference) : named.Entity;
            if (Related(row, target, named.Entity) is not { } source)
            {
                if (parameter.Optional)
                    continue;
                return null;
            }

            var value = source.Entity.Name == named.Entity.Name ? source[named.Field.Path] : source.Key;
            if (value.IsNull)
                return null;
            if (!_known.Knows(value))
            {
                if (parameter.Optional)
                    continue;
                // Another tool must show this value: a tool that needs the value itself leads nowhere.
                if (
                    Cheapest(
                        source,
                        $"{source.Entity.Name}.{(source.Entity.Name == named.Entity.Name ? named.Field.Path : source.Entity.Key)}",
                        depth - 1
                    )
                        is not { } way
                    || way.Tool == tool
                )
                    return null;
                before.Add(way);
            }

            arguments.Add(KeyValuePair.Create(parameter.Name, parameter.IsList ? Json.List(value) : value));
        }

        return new(tool, JsonMap.Create(arguments), before, 1 + before.Sum(b => b.Cost));
    }

    private EntityRow? Related(EntityRow row, EntitySpec target, EntitySpec named) =>
        _pack.Rows.Related(_environment.Db, row, named) ?? _pack.Rows.Related(_environment.Db, row, target);

    private sealed record Way(ToolSpec Tool, JsonMap Arguments, IReadOnlyList<Way> Before, int Cost);
}
