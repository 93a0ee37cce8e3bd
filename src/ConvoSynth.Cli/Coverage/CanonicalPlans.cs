using System.Security.Cryptography;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Cli.Coverage;

/// <summary>What remains of a gold plan without its ids, names and amounts.</summary>
internal sealed class CanonicalPlans(Pack pack)
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
    /// A hash of the plan in which each argument is replaced by its origin: a fact's slot, an earlier call and the path in its observation,
    /// or the constant itself. Branches taken and clauses touched belong to the plan.
    /// </summary>
    public static UInt128 PlanOf(Blueprint task)
    {
        var plan = new StringBuilder();
        var observations = new List<Json>(task.Actions.Length);
        foreach (var action in task.Actions)
        {
            plan.Append(action.Tool).Append('(');
            foreach (var (name, value) in Pairs(action.Arguments))
                plan.Append(name).Append('=').Append(OriginOf(value, task, observations)).Append(',');
            plan.Append(')');
            observations.Add(Observed(action));
        }

        foreach (var request in task.Scenario.Requests)
            plan.Append('/').Append(request.Kind).Append(request.Alternatives.Select(a => a.Taken).ToList().IndexOf(item: true));
        plan.Append('|').AppendJoin(',', task.ClausesHeld.Order(StringComparer.Ordinal));
        plan.Append('|').AppendJoin(',', task.ClausesBroken.Order(StringComparer.Ordinal));
        return BitConverter.ToUInt128(SHA256.HashData(Encoding.UTF8.GetBytes(plan.ToString())));
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

    private static string OriginOf(Json value, Blueprint task, List<Json> observations)
    {
        if (value is JsonList list)
            return $"[{string.Join(' ', list.Items.Select(i => OriginOf(i, task, observations)).Distinct(StringComparer.Ordinal))}]";
        if (value is JsonMap map)
            return $"{{{string.Join(' ', Pairs(map).Select(p => $"{p.Name}={OriginOf(p.Value, task, observations)}"))}}}";
        foreach (var fact in task.Scenario.Facts)
        {
            if (fact.Value.Equals(value))
                return fact.Slot;
        }

        for (var i = 0; i < observations.Count; i++)
        {
            if (PathOf(observations[i], value) is { } path)
                return $"{i}{path}";
        }

        return value.ToString();
    }

    // Items of a list and rows of a table are alike: their places and ids are no part of a plan.
    private static string? PathOf(Json within, Json value)
    {
        if (within.Equals(value))
            return "";
        switch (within)
        {
            case JsonList list:
                return list.Items.Select(i => PathOf(i, value)).FirstOrDefault(p => p is not null) is { } item ? $"[]{item}" : null;
            case JsonMap map:
                foreach (var (name, held) in Pairs(map))
                {
                    if (value.Text is { } key && string.Equals(name, key, StringComparison.Ordinal))
                        return ".key";
                    if (PathOf(held, value) is { } path)
                        return held is JsonMap ? $".*{path}" : $".{name}{path}";
                }

                return null;
            default:
                return null;
        }
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
