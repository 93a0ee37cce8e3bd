using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>
/// Draws a slip from which an agent recovers: a call for which the tool returns an error. Its id is of the wrong kind, or lacks the sign
/// that its form requires. The slip uses only values that the agent knows at that point, so it invents nothing, and it changes no state.
/// </summary>
internal sealed class Slips(Pack pack, Blueprint blueprint, SeededRandom random)
{
    private const int ShortestId = 4;
    private const int LongestId = 40;
    private const int ValuesTried = 8;

    /// <summary>Null if no call of the blueprint can fail this way.</summary>
    public SlipPlan? Draw()
    {
        foreach (var at in random.Shuffled(Enumerable.Range(0, blueprint.Actions.Length)))
        {
            if (
                pack.Tools.Find(blueprint.Actions[at].Tool) is not { Kind: not ToolKind.Transfer } tool
                || blueprint.Actions[at].Arguments is not JsonMap arguments
            )
                continue;
            if (Failing(tool, arguments, at) is { } call)
                return new(at, call);
        }

        return null;
    }

    private PlannedCall? Failing(ToolSpec tool, JsonMap arguments, int at)
    {
        var environment = Before(at);
        foreach (var parameter in random.Shuffled(tool.Parameters))
        {
            if (
                parameter.Is is null
                || pack.Domain.Find(parameter.Is) is not { Field.Type: "id" or "ref" }
                || arguments[parameter.Name] is not JsonText held
            )
                continue;
            foreach (var other in Others(held.Value, at))
            {
                var slip = arguments.With(parameter.Name, other);
                if (SchemaCheck.Fault(tool.Definition.Parameters, slip) is not null)
                    continue;
                var result = environment.Call(tool, slip);
                if (!result.IsError)
                {
                    // A successful call is no slip, and may have changed the state.
                    if (tool.Writes)
                        environment = Before(at);
                    continue;
                }

                // A tool that breaks, or writes values that its fields do not allow, is the pack's fault.
                if (result.Defect is not null)
                    continue;

                // An error that quotes a policy clause would say that the request is forbidden.
                if (!tool.Guards.Any(g => result.Text.Contains(pack.Policy.Clause(g.Clause)?.Text ?? g.Name, StringComparison.Ordinal)))
                    return new(tool.Name, slip.ToString());
            }
        }

        return null;
    }

    // The id without its leading sign, then other ids that the agent has seen.
    private IEnumerable<string> Others(string held, int at)
    {
        if (held.Length > ShortestId && !char.IsLetterOrDigit(held[0]))
            yield return held[1..];
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < at; i++)
        {
            Collect(blueprint.Actions[i].Arguments, seen);
            if (Json.TryParse(blueprint.Actions[i].Observation, out var shown, out _))
                Collect(shown, seen);
            else if (IsId(blueprint.Actions[i].Observation))
                seen.Add(blueprint.Actions[i].Observation);
        }

        seen.Remove(held);
        foreach (var other in random.Shuffled(seen).Take(ValuesTried))
            yield return other;
    }

    private DialogueEnvironment Before(int at)
    {
        var environment = new DialogueEnvironment(pack, blueprint.Patch);
        for (var i = 0; i < at; i++)
        {
            if (blueprint.Actions[i].Writes)
                environment.Call(blueprint.Actions[i].Tool, blueprint.Actions[i].Arguments);
        }

        return environment;
    }

    private static void Collect(Json value, SortedSet<string> found)
    {
        switch (value)
        {
            case JsonText text when IsId(text.Value):
                found.Add(text.Value);
                break;
            case JsonList list:
                foreach (var item in list.Span)
                    Collect(item, found);
                break;
            case JsonMap map:
                foreach (var part in map.Values)
                    Collect(part, found);
                break;
        }
    }

    private static bool IsId(string text) =>
        text.Length is >= ShortestId and <= LongestId
        && text.Any(char.IsAsciiDigit)
        && text.All(c => char.IsLetterOrDigit(c) || c is '_' or '#')
        && !FieldValues.TryDate(text, out _);
}
