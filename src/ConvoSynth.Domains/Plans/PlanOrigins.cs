using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Plans;

/// <summary>
/// Where the arguments of a gold plan come from: a fact's slot, a call and the path in its observation, a formula, a constant.
/// </summary>
internal sealed class PlanOrigins(Blueprint task)
{
    private readonly Json?[] _observations = new Json?[task.Actions.Length];

    /// <summary>The arguments of a call, each with its origin.</summary>
    /// <param name="goal">The first call of the goal.</param>
    /// <param name="isBound">Set if an argument comes from what a write of an earlier goal showed.</param>
    public string Of(int call, int goal, ref bool isBound)
    {
        var origins = new List<string>();
        foreach (var (name, value) in Pairs(task.Actions[call].Arguments))
            origins.Add($"{name}={Of(value, call, goal, ref isBound)}");
        return string.Join(',', origins);
    }

    private string Of(Json value, int call, int goal, ref bool isBound)
    {
        if (value is JsonList list)
        {
            var items = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var item in list.Items)
                items.Add(Of(item, call, goal, ref isBound));
            return $"[{string.Join(' ', items)}]";
        }

        if (value is JsonMap map)
        {
            var parts = new List<string>();
            foreach (var (name, part) in Pairs(map))
                parts.Add($"{name}={Of(part, call, goal, ref isBound)}");
            return $"{{{string.Join(' ', parts)}}}";
        }

        foreach (var fact in task.Scenario.Facts)
        {
            if (fact.Value.Equals(value))
                return CanonicalPlan.Plain(fact.Slot);
        }

        for (var i = 0; i < call; i++)
        {
            if (PathOf(Observed(i), value) is not { } path)
                continue;
            isBound |= i < goal && task.Actions[i].Writes;
            return $"{task.Actions[i].Tool}{path}";
        }

        // What the human does not say and no call shows, the agent works out; texts are the tool's own choices.
        return value is JsonNumber ? "formula" : value.ToString();
    }

    // Items of a list and rows of a table are alike: their places and ids are no part of a plan.
    private static string? PathOf(Json within, Json value)
    {
        if (within.Equals(value))
            return "";
        switch (within)
        {
            case JsonList list:
                foreach (var item in list.Items)
                {
                    if (PathOf(item, value) is { } path)
                        return $"[]{path}";
                }

                return null;
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    if (value.Text is { } key && string.Equals(map.Keys[i], key, StringComparison.Ordinal))
                        return ".key";
                    if (PathOf(map.Values[i], value) is { } path)
                        return map.Values[i] is JsonMap ? $".*{path}" : $".{map.Keys[i]}{path}";
                }

                return null;
            default:
                return null;
        }
    }

    private Json Observed(int call) =>
        _observations[call] ??= Json.TryParse(task.Actions[call].Observation, out var value, out _)
            ? value
            : task.Actions[call].Observation;

    private static IEnumerable<(string Name, Json Value)> Pairs(Json map)
    {
        if (map is not JsonMap pairs)
            yield break;
        for (var i = 0; i < pairs.Count; i++)
            yield return (pairs.Keys[i], pairs.Values[i]);
    }
}
