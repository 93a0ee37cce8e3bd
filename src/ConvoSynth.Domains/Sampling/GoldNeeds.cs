using ConvoSynth.Core;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// What a plan needs to know, and which of its reads show it. A later read may show all that an earlier one was made for; then the earlier
/// one is needless and is dropped, so that gold teaches no needless read.
/// </summary>
internal sealed class GoldNeeds
{
    private readonly List<MadeCall> _made = [];
    private readonly List<Need> _needs = [];
    private readonly Dictionary<(int Need, int Call), bool> _shown = [];
    private readonly Dictionary<string, int> _missed = new(StringComparer.Ordinal);

    /// <summary>Notes a call of the plan.</summary>
    /// <param name="isKept">Whether it stays whatever it shows: a write, the proof of identity, a calculation, a step of a search.</param>
    public void Made(ToolSpec tool, JsonMap asked, Json shown, bool isKept) => _made.Add(new(tool, asked, shown, isKept || tool.Writes));

    /// <summary>Notes that the last call shows the row by leaving it out.</summary>
    public void Missed(EntityRow row) => _missed.TryAdd(row.Identity, _made.Count - 1);

    /// <summary>Notes a row that must have been seen by now.</summary>
    public void Row(EntityRow row) => _needs.Add(new(_made.Count, row, null, IsArgument: false));

    /// <summary>Notes a value that must have been shown by now, since the human has not said it.</summary>
    /// <param name="isArgument">Whether the next call takes it, so that it is needed only with that call.</param>
    public void Value(Json value, bool isArgument) => _needs.Add(new(_made.Count, null, value, isArgument));

    /// <summary>The calls that can go, in rising order. Later ones go first: of two that show the same, the earlier one stays.</summary>
    public IReadOnlyList<int> Needless()
    {
        var dropped = new SortedSet<int>();
        for (var i = _made.Count - 1; i >= 0; i--)
        {
            if (!_made[i].IsKept && !IsNeeded(i, dropped))
                dropped.Add(i);
        }

        return [.. dropped];
    }

    private bool IsNeeded(int call, SortedSet<int> dropped)
    {
        for (var n = 0; n < _needs.Count; n++)
        {
            var need = _needs[n];
            if (need.Before <= call || (need.IsArgument && dropped.Contains(need.Before)) || !Shows(call, n))
                continue;
            var others = 0;
            while (others < need.Before && (others == call || dropped.Contains(others) || !Shows(others, n)))
                others++;
            if (others == need.Before)
                return true;
        }

        return false;
    }

    private bool Shows(int call, int need)
    {
        if (!_shown.TryGetValue((need, call), out var shows))
            _shown.Add((need, call), shows = Shows(_made[call], call, _needs[need]));
        return shows;
    }

    private bool Shows(MadeCall made, int call, Need need) =>
        need.Row is { } row
            ? (_missed.TryGetValue(row.Identity, out var missing) && missing == call)
                || (AgentKnowledge.Reveals(made.Tool, row.Entity.Name) && AgentKnowledge.Shows(row, made.Asked, made.Shown))
            : AgentKnowledge.Shows(need.Value!, made.Shown);

    private sealed record MadeCall(ToolSpec Tool, JsonMap Asked, Json Shown, bool IsKept);

    private sealed record Need(int Before, EntityRow? Row, Json? Value, bool IsArgument);
}
