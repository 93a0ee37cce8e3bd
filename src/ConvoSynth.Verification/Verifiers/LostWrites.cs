using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>
/// Finds a write that no accepted dialogue can contain. <c>outcome.writes</c> passes an unplanned write on one condition: the dialogue
/// reaches an accepted end state in which all changes of that write stand. A change that is undone or overwritten fails as well. Such a
/// write is therefore lost if every accepted end state has another value where it wrote. Generated ids, nested additions and free text
/// may leave the equality of two values open. Then they count as equal, since the early stop never acts on a guess.
/// </summary>
internal static class LostWrites
{
    public static TraceCall? Find(Trace trace)
    {
        var states = trace.Blueprint.AcceptedEndStates;
        foreach (var call in trace.Calls)
        {
            if (
                !call.Wrote
                || states.Any(s =>
                    s.Writes.Any(w => w.Tool == call.Tool!.Name && PlanMatch.Same(trace.Pack, call.Tool, w.Arguments, call.Arguments!))
                )
            )
                continue;
            if (!states.Any(s => MayStandIn(trace, call, s.Diff)))
                return call;
        }

        return null;
    }

    // A write that changed nothing passes in no end state.
    private static bool MayStandIn(Trace trace, TraceCall call, StateDiff state)
    {
        var changed = false;
        foreach (var write in call.Writes)
        {
            var original = trace.View[write.Table].Find(write.Key)?.Values;
            if (!RowMayStand(trace, [write.Table, write.Key], original, write.Before, write.After, state, ref changed))
                return false;
        }

        return changed;
    }

    private static bool RowMayStand(
        Trace trace,
        ImmutableArray<string> path,
        Json? original,
        Json? before,
        Json? after,
        StateDiff state,
        ref bool changed
    )
    {
        if (before == after)
            return true;
        // A row that the dialogue added has no counterpart in the base, and its name in the end state may differ.
        if (original is null && path.Length == 2)
        {
            changed = true;
            return after is null || state.Changes.Any(c => c.Path.Length == 2 && c.Path[0] == path[0] && c.Before is null);
        }

        if (before is JsonMap a && after is JsonMap b)
        {
            foreach (var key in a.Keys.Union(b.Keys, StringComparer.Ordinal))
            {
                if (!RowMayStand(trace, [.. path, key], Of(original as JsonMap, key), Of(a, key), Of(b, key), state, ref changed))
                    return false;
            }

            return true;
        }

        changed = true;
        // A part that was removed and put back stands, whatever its final content.
        return (before is null && after is JsonMap && original is not null) || CellMayStand(trace, path, original, before, after, state);
    }

    private static bool CellMayStand(Trace trace, ImmutableArray<string> path, Json? original, Json? before, Json? after, StateDiff state)
    {
        var exact = false;
        foreach (var change in state.Changes)
        {
            if (!Overlap(change.Path, path))
                continue;
            // The end state changed something around or inside this place, or renamed a place in an added row.
            if (change.Path.Length != path.Length)
                return true;
            exact = true;
            // An added part stands if the end state has it, whatever its final content.
            if (before is null && after is JsonMap && change.After is JsonMap)
                return true;
            if (MayEqual(Canonical(trace, path, original, after), change.After))
                return true;
        }

        // The end state leaves this place unchanged, so the write must have left it unchanged too.
        return !exact
            && trace
                .Pack.Canon.Canonical(
                    new([
                        new()
                        {
                            Path = path,
                            Before = original,
                            After = after,
                        },
                    ])
                )
                .IsEmpty;
    }

    private static Json? Canonical(Trace trace, ImmutableArray<string> path, Json? original, Json? after)
    {
        var canonical = trace
            .Pack.Canon.Canonical(
                new([
                    new()
                    {
                        Path = path,
                        Before = original,
                        After = after,
                    },
                ])
            )
            .Changes;
        return canonical.IsEmpty ? after : canonical[0].After;
    }

    private static bool Overlap(ImmutableArray<string> a, ImmutableArray<string> b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] != b[i] && !IsRenamed(a[i]))
                return false;
        }

        return true;
    }

    // Generated values have placeholder names in an accepted end state. Their assignment is known only when the dialogue ends.
    private static bool MayEqual(Json? mine, Json? accepted)
    {
        if (mine == accepted)
            return true;
        switch (mine, accepted)
        {
            case (JsonText, JsonText { Value: var name }) when IsRenamed(name):
                return true;
            case (JsonMap a, JsonMap b):
                return a.Keys.Concat(b.Keys).Any(IsRenamed)
                    ? a.Count == b.Count
                    : a.Count == b.Count && a.Keys.All(k => b.TryGet(k, out var value) && MayEqual(a[k], value));
            case (JsonList a, JsonList b):
                if (a.Items.Count != b.Items.Count)
                    return false;
                // A list with placeholder names may have another order once the names are known.
                return b.Items.Any(HoldsName) || a.Items.Zip(b.Items).All(p => MayEqual(p.First, p.Second));
            default:
                return false;
        }
    }

    private static bool HoldsName(Json value) =>
        value switch
        {
            JsonText text => IsRenamed(text.Value),
            JsonMap map => map.Keys.Any(IsRenamed) || map.Values.Any(HoldsName),
            _ => value.Items.Any(HoldsName),
        };

    private static bool IsRenamed(string text) => text.Length > 2 && text[0] == '<' && text[^1] == '>';

    private static Json? Of(JsonMap? map, string key) => map is not null && map.TryGet(key, out var value) ? value : null;
}
