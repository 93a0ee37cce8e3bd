using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>Whether two calls of a write ask for the same.</summary>
internal static class PlanMatch
{
    /// <summary>
    /// Equal by value, but for what cannot matter: an argument left out or given its default, money beyond the cent, the wording of free text, and
    /// the order of lists, where lists of one length are taken as columns of one table, so that each row keeps what belongs together.
    /// </summary>
    public static bool Same(Pack pack, ToolSpec tool, Json planned, Json made)
    {
        if (planned == made) return true;
        List<(JsonList Planned, JsonList Made)>? lists = null;
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            var a = Value(meaning, planned);
            var b = Value(meaning, made);
            if (a == b && a is not JsonList) continue;
            if (a is JsonList listA && b is JsonList listB && listA.Span.Length == listB.Span.Length) (lists ??= []).Add((listA, listB));
            else if (!SameScalar(meaning, a, b)) return false;
        }

        return lists is null || lists.GroupBy(l => l.Planned.Span.Length).All(g => SameRows([.. g]));
    }

    /// <summary>Whether the blueprint's own solution makes this call.</summary>
    public static bool IsGold(Trace trace, TraceCall call)
    {
        foreach (var action in trace.Blueprint.Actions)
        {
            if (call.Tool is { } tool && action.Tool == tool.Name && call.Arguments is { } made && Same(trace.Pack, tool, action.Arguments, made)) return true;
        }

        return false;
    }

    private static Json Value(ArgumentMeaning meaning, Json arguments) =>
        arguments[meaning.Parameter.Name] is { IsNull: false } value ? value : meaning.Parameter.Default;

    private static bool SameScalar(ArgumentMeaning meaning, Json a, Json b)
    {
        if (a is JsonNumber x && b is JsonNumber y) return meaning.Field?.Type == "money" && Math.Abs(x.Value - y.Value) < 0.005;
        var isFree = meaning.Field is { NonEmptyIsEqual: true } || (meaning.Field is null && meaning.Parameter.Schema["enum"].IsNull);
        return isFree && a is JsonText s && b is JsonText t && string.IsNullOrWhiteSpace(s.Value) == string.IsNullOrWhiteSpace(t.Value);
    }

    private static bool SameRows(IReadOnlyList<(JsonList Planned, JsonList Made)> columns) =>
        Rows(columns.Select(c => c.Planned)).SequenceEqual(Rows(columns.Select(c => c.Made)), StringComparer.Ordinal);

    private static IEnumerable<string> Rows(IEnumerable<JsonList> columns)
    {
        JsonList[] all = [.. columns];
        return Enumerable.Range(0, all[0].Span.Length)
            .Select(i => Json.List(all.Select(c => c.Items[i])).ToCanonicalString()).Order(StringComparer.Ordinal);
    }
}
