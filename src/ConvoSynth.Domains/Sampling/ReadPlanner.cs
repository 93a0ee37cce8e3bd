using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// Plans and carries out the reads that a task needs: backward from what must be known to facts that the human can tell, by what
/// tools reveal. Everything is executed as it is planned, so that a plan which does not work never comes out.
/// </summary>
public sealed class ReadPlanner
{
    private const int MaxDepth = 4;
    private const int MaxWays = 3;

    /// <summary>Calls in a plan; a task that needs more is dropped.</summary>
    public const int MaxActions = 24;

    private readonly Pack _pack;
    private readonly DialogueEnvironment _environment;
    private readonly List<Json> _told = [];
    private readonly List<(ToolSpec Tool, JsonMap Asked, Json Shown)> _seen = [];
    private readonly HashSet<string> _missed = new(StringComparer.Ordinal);
    private readonly IReadOnlySet<string> _offered;

    // What was once told or seen stays so: only what did not occur must be looked for again, and only in what came since.
    private readonly Dictionary<string, (bool Found, int Told, int Seen)> _looked = new(StringComparer.Ordinal);

    public ReadPlanner(Pack pack, DialogueEnvironment environment, IReadOnlySet<string> offered)
    {
        _pack = pack;
        _environment = environment;
        _offered = offered;
    }

    public List<GoldAction> Actions { get; } = [];

    /// <summary>A value that the human tells.</summary>
    public void Told(Json value) => _told.Add(value);

    public bool Knows(Json value) =>
        value switch
        {
            JsonList list => list.Items.All(Knows),
            JsonMap map => map.Values.All(Knows),
            _ => Occurs(Token(value)),
        };

    /// <summary>Calls a tool as part of the plan. False where it fails: then the plan is void.</summary>
    public bool Call(ToolSpec tool, JsonMap arguments)
    {
        if (Actions.Count >= MaxActions)
            return false;
        arguments = ArgumentSpelling.Of(tool, arguments);
        // What a read has shown since the last write, it need not show again.
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
        _seen.Add((tool, arguments, result.Value));
        return true;
    }

    /// <summary>Makes the agent see the row: does nothing where a read has shown it already.</summary>
    public bool Reveal(EntityRow row) => Reveal(row, MaxDepth);

    private bool Reveal(EntityRow row, int depth)
    {
        if (IsRevealed(row))
            return true;
        // The cheapest read may leave the row out (a list of what is free); then the next one is tried.
        foreach (var way in Ways(row, row.Entity.Name, depth).OrderBy(w => w.Cost).Take(MaxWays))
        {
            var isByKey = row.Parent is null && !Knows(row.Key) && way.Arguments.Values.Contains(row.Key);
            if (!(isByKey ? Search(row, way) : Follow(way)))
                continue;
            if (way.Tool.Omits)
                _missed.Add(row.Identity);
            if (IsRevealed(row))
                return true;
        }

        return false;
    }

    // A row whose key nobody told is found the way people find it: list the keys, then look at one after another.
    private bool Search(EntityRow row, Way way)
    {
        if (!way.Before.All(Follow) || IsRevealed(row))
            return IsRevealed(row);
        if (_pack.Rows.Owner(_environment.Db, row) is not { } owner)
            return Call(way.Tool, way.Arguments);
        foreach (var sibling in _pack.Rows.OwnedBy(_environment.Db, row.Entity, owner))
        {
            if (IsRevealed(sibling) || !Knows(sibling.Key) || WayBy(way.Tool, sibling, 1) is not { } step)
                continue;
            if (!Call(step.Tool, step.Arguments))
                return false;
            if (sibling.IsSame(row))
                return true;
        }

        return IsRevealed(row);
    }

    // The key of a row inside another may be no key elsewhere (a date, a line's item): the same read must have been of the row that holds it. Where
    // a row does not hold its own key, the call that asked for it does.
    private bool IsRevealed(EntityRow row)
    {
        if (_missed.Contains(row.Identity))
            return true;
        foreach (var (tool, asked, shown) in _seen)
        {
            if (Reveals(tool, row.Entity.Name) && Shows(row, asked, shown))
                return true;
        }

        return false;
    }

    private static bool Shows(EntityRow row, JsonMap asked, Json shown)
    {
        for (var at = row; at is not null; at = at.Parent)
        {
            var key = Token(at.Key);
            if (!Holds(shown, key) && !Holds(asked, key))
                return false;
        }

        return true;
    }

    private bool Follow(Way way)
    {
        foreach (var before in way.Before)
        {
            if (!Follow(before))
                return false;
        }

        // A way that an earlier branch of the same plan has gone need not be gone again.
        if (way.Before.Count > 0 && !way.Arguments.Values.All(Knows))
            return false;
        return Call(way.Tool, way.Arguments);
    }

    // The read that shows the wanted entity (or field) of a row in the fewest calls.
    private Way? Cheapest(EntityRow row, string wanted, int depth) => Ways(row, wanted, depth).MinBy(w => w.Cost);

    private IEnumerable<Way> Ways(EntityRow row, string wanted, int depth)
    {
        if (depth == 0)
            yield break;
        foreach (var tool in _pack.Tools.All)
        {
            if (tool.Kind != ToolKind.Read || !(Reveals(tool, wanted) || Reveals(tool, row.Entity.Name)) || !_offered.Contains(tool.Name))
                continue;
            if (WayBy(tool, row, depth) is { } way)
                yield return way;
        }
    }

    private static bool Reveals(ToolSpec tool, string wanted)
    {
        for (var i = 0; i < tool.Reveals.Count; i++)
        {
            if (tool.Reveals[i] == wanted)
                return true;
        }

        return false;
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
            if (!Knows(value))
            {
                if (parameter.Optional)
                    continue;
                // Only another tool can show this value: one that shows it needing itself leads nowhere.
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

    // Few values are asked for and observations are large: looking through them beats keeping sets of all that they hold.
    private bool Occurs(string token)
    {
        var (found, told, seen) = _looked.GetValueOrDefault(token);
        if (found || (told == _told.Count && seen == _seen.Count))
            return found;
        for (; told < _told.Count && !found; told++)
            found = Holds(_told[told], token);
        for (; seen < _seen.Count && !found; seen++)
            found = Holds(_seen[seen].Shown, token);
        _looked[token] = (found, told, seen);
        return found;
    }

    private static bool Holds(Json value, string token)
    {
        switch (value)
        {
            case JsonText text:
                return string.Equals(text.Value, token, StringComparison.OrdinalIgnoreCase);
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    if (string.Equals(map.Keys[i], token, StringComparison.OrdinalIgnoreCase) || Holds(map.Values[i], token))
                        return true;
                }

                return false;
            case JsonList list:
                foreach (var item in list.Span)
                {
                    if (Holds(item, token))
                        return true;
                }

                return false;
            case JsonNull:
                return false;
            default:
                return (token.Length > 0 && (char.IsAsciiDigit(token[0]) || token[0] is '-' or 't' or 'f'))
                    && string.Equals(value.ToCanonicalString(), token, StringComparison.Ordinal);
        }
    }

    private static string Token(Json value) => value.Text ?? value.ToCanonicalString();

    private sealed record Way(ToolSpec Tool, JsonMap Arguments, IReadOnlyList<Way> Before, int Cost);
}
