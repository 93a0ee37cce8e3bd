using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Evidence;

/// <summary>Whether two calls of a write ask for the same change.</summary>
internal static class PlanMatch
{
    /// <summary>
    /// Compares by value and ignores differences without effect. These are an argument left out or equal to its default, money within
    /// half a cent, the wording of free text, and list order. Lists of equal length count as columns of one table, so that the values of
    /// a row stay together.
    /// </summary>
    public static bool Same(Pack pack, ToolSpec tool, Json planned, Json made)
    {
        if (planned == made)
            return true;
        List<(JsonList Planned, JsonList Made)>? lists = null;
        foreach (var meaning in PackMeaning.Of(pack).Arguments(tool))
        {
            var a = Value(meaning, planned);
            var b = Value(meaning, made);
            if (a == b && a is not JsonList)
                continue;
            if (a is JsonList listA && b is JsonList listB && listA.Span.Length == listB.Span.Length)
                (lists ??= []).Add((listA, listB));
            else if (!SameScalar(meaning, a, b))
                return false;
        }

        return lists is null || lists.GroupBy(l => l.Planned.Span.Length).All(g => SameRows([.. g]));
    }

    /// <summary>Whether the gold actions contain this call.</summary>
    public static bool IsGold(Trace trace, TraceCall call)
    {
        foreach (var action in trace.Blueprint.Actions)
        {
            if (
                call.Tool is { } tool
                && action.Tool == tool.Name
                && call.Arguments is { } made
                && Same(trace.Pack, tool, action.Arguments, made)
            )
                return true;
        }

        return false;
    }

    /// <summary>
    /// The party at fault for an unplanned write. The human is, if they named its row by key and the task does not mention that row; else
    /// the agent.
    /// </summary>
    public static Fault FaultOf(Trace trace, TraceCall call)
    {
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(call.Tool!))
        {
            if (
                meaning.Names is not { Parent: null } entity
                || entity.Name == trace.Pack.Domain.Who
                || call.Arguments![meaning.Parameter.Name] is not JsonText { Value: var key }
            )
                continue;
            string[] spellings = [key, .. ShortId.Digits(key) is { } digits ? [digits] : Array.Empty<string>()];
            if (
                trace.Blueprint.Actions.Any(a => JsonSearch.ShowsId(a.Arguments, key))
                || Says(trace.Blueprint.Instruction)
                || trace.Blueprint.Scenario.Facts.Any(f => Says(f.Said))
            )
                continue;
            if (trace.Conversation.Messages.Take(call.Message).Any(m => m is { Role: MessageRole.User, Content: { } text } && Says(text)))
                return Fault.Human;

            bool Says(string text) => Array.Exists(spellings, s => FieldValues.ContainsToken(text, s));
        }

        return Fault.Agent;
    }

    private static Json Value(ArgumentMeaning meaning, Json arguments) =>
        arguments[meaning.Parameter.Name] is { IsNull: false } value ? value : meaning.Parameter.Default;

    private static bool SameScalar(ArgumentMeaning meaning, Json a, Json b)
    {
        if (a is JsonNumber x && b is JsonNumber y)
            return meaning.Field?.Type == "money" && Math.Abs(x.Value - y.Value) < 0.005;
        var isFree = meaning.Field is { NonEmptyIsEqual: true } || (meaning.Field is null && meaning.Parameter.Schema["enum"].IsNull);
        return isFree && a is JsonText s && b is JsonText t && string.IsNullOrWhiteSpace(s.Value) == string.IsNullOrWhiteSpace(t.Value);
    }

    private static bool SameRows(IReadOnlyList<(JsonList Planned, JsonList Made)> columns) =>
        Rows(columns.Select(c => c.Planned)).SequenceEqual(Rows(columns.Select(c => c.Made)), StringComparer.Ordinal);

    private static IEnumerable<string> Rows(IEnumerable<JsonList> columns)
    {
        JsonList[] all = [.. columns];
        return Enumerable
            .Range(0, all[0].Span.Length)
            .Select(i => Json.List(all.Select(c => c.Items[i])).ToCanonicalString())
            .Order(StringComparer.Ordinal);
    }
}
