using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Cli.Coverage;

/// <summary>The sequences and chains of gold plans.</summary>
internal sealed class PlanSequences(Pack pack)
{
    // A call of such a tool reads no row: a calculator, or a place to think.
    private readonly HashSet<string> _readNothing = new(
        pack.Tools.All.Where(t => t.Kind == ToolKind.Read && t.Reveals.Count == 0).Select(t => t.Name),
        StringComparer.Ordinal
    );

    /// <summary>The tools in order, without tools that read nothing, each run of one tool counted once.</summary>
    public string SequenceOf(Blueprint task)
    {
        var sequence = new StringBuilder();
        string? before = null;
        foreach (var action in task.Actions)
        {
            if (_readNothing.Contains(action.Tool) || string.Equals(action.Tool, before, StringComparison.Ordinal))
                continue;
            sequence.Append(before is null ? "" : ">").Append(action.Tool);
            before = action.Tool;
        }

        return sequence.ToString();
    }

    /// <summary>
    /// The length, in calls, of the longest chain in which an argument first stands in the observation of the call before.
    /// </summary>
    public static int ChainOf(Blueprint task)
    {
        var shown = new Dictionary<Json, int>();
        var longest = 0;
        foreach (var action in task.Actions)
        {
            var length = 1;
            foreach (var value in Scalars(action.Arguments))
                length = Math.Max(length, 1 + shown.GetValueOrDefault(value));
            longest = Math.Max(longest, length);
            foreach (var value in Scalars(action.Arguments))
                shown.TryAdd(value, 0);
            foreach (var value in Scalars(Observed(action)))
                shown.TryAdd(value, length);
        }

        return longest;
    }

    private static Json Observed(GoldAction action) => Json.TryParse(action.Observation, out var value, out _) ? value : action.Observation;

    private static IEnumerable<(string Name, Json Value)> Pairs(Json map)
    {
        if (map is not JsonMap pairs)
            yield break;
        for (var i = 0; i < pairs.Count; i++)
            yield return (pairs.Keys[i], pairs.Values[i]);
    }

    // Flags, small counts and empty values stand everywhere and show nothing.
    private static IEnumerable<Json> Scalars(Json value) =>
        value switch
        {
            JsonMap map => Pairs(map).SelectMany(p => Scalars(p.Value).Prepend(p.Name)),
            JsonList list => list.Items.SelectMany(Scalars),
            JsonText { Value.Length: > 2 } => [value],
            JsonNumber { Value: > 99 or < -99 } => [value],
            _ => [],
        };
}
