using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Needs;

/// <summary>The rows that guards read, and the calls that show them.</summary>
/// <param name="isSeen">Whether a call still counts.</param>
internal sealed class GuardedRows(Trace trace, Func<TraceCall, bool> isSeen)
{
    private readonly PackMeaning _meaning = PackMeaning.Of(trace.Pack);

    /// <summary>Whether a later write has a guard on a row that the read shows and no other call shows as it then is.</summary>
    public bool AreForGuard(int index)
    {
        var read = trace.Calls[index];
        for (var i = index + 1; i < trace.Calls.Count; i++)
        {
            if (trace.Calls[i] is not { Tool: { Writes: true, Guards.Count: > 0 } tool, Arguments: JsonMap arguments } write)
                continue;
            var db = trace.StateBefore(write.Message);
            foreach (
                var name in tool
                    .Guards.SelectMany(g => g.Parameters)
                    .Where(p => p.Input == GuardInput.Row)
                    .Select(p => p.Name)
                    .Distinct(StringComparer.Ordinal)
            )
            {
                if (
                    trace.Pack.Guards.RowFor(db, tool, arguments, trace.Pack.Domain.Entity(name)) is { } row
                    && Shows(read, row)
                    && !AreShownOtherwise(index, i, row)
                )
                    return true;
            }

            if (GuardedKeys(tool, arguments).Any(k => IsOnlySource(index, i, k.Entity, k.Key)))
                return true;
        }

        return false;
    }

    // A guard that takes an argument reads the rows that the argument names.
    private IEnumerable<(EntitySpec Entity, string Key)> GuardedKeys(ToolSpec tool, JsonMap arguments)
    {
        foreach (var meaning in _meaning.Arguments(tool).ToArray())
        {
            if (
                meaning.Names is not { } entity
                || !tool.Guards.Any(g =>
                    g.Parameters.Any(p =>
                        p.Input == GuardInput.Argument && string.Equals(p.Name, meaning.Parameter.Name, StringComparison.Ordinal)
                    )
                )
                || !arguments.TryGet(meaning.Parameter.Name, out var value)
            )
                continue;
            foreach (var key in value is JsonList list ? list.Items : [value])
                yield return (entity, EntityRows.Text(key));
        }
    }

    private bool IsOnlySource(int index, int before, EntitySpec entity, string key)
    {
        bool ShowsKey(TraceCall call) =>
            call.Succeeded
            && call.Tool!.Reveals.Contains(entity.Name, StringComparer.Ordinal)
            && (JsonSearch.ShowsId(call.Result.Value, key) || JsonSearch.ShowsId(call.Arguments!, key));
        return ShowsKey(trace.Calls[index])
            && !trace.Calls.Take(before).Where((c, i) => i != index && isSeen(c)).Any(c => c.Tool is not null && ShowsKey(c));
    }

    /// <summary>Whether another call shows the row, no staler than this read does.</summary>
    public bool AreShownOtherwise(int index, int before, EntityRow row)
    {
        var isFresh = IsFresh(index, row);
        for (var i = 0; i < before; i++)
        {
            if (i != index && isSeen(trace.Calls[i]) && Shows(trace.Calls[i], row) && (!isFresh || IsFresh(i, row)))
                return true;
        }

        return false;
    }

    // Whether the row was the same after the call; what the call itself wrote, it shows.
    private bool IsFresh(int index, EntityRow row)
    {
        var then = trace.Pack.Rows.Find(trace.StateBefore(trace.Calls[index].Message + 1), row.Entity, row.Key, row.Parent);
        return then is not null && then.Row.Values == row.Row.Values;
    }

    private static bool Shows(TraceCall call, EntityRow row)
    {
        if (!call.Succeeded || call.Tool is not { } tool)
            return false;
        // A write returns the row that it changed.
        var isOwn = tool.Writes && row.Parent is null && call.Result.Value[row.Entity.Key] == row.Key;
        if (!isOwn && !tool.Reveals.Contains(row.Entity.Name, StringComparer.Ordinal))
            return false;
        for (var at = row; at is not null; at = at.Parent)
        {
            var key = EntityRows.Text(at.Key);
            if (!JsonSearch.ShowsId(call.Result.Value, key) && !JsonSearch.ShowsId(call.Arguments!, key))
                return false;
        }

        return true;
    }
}
