using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Checks the words of an instruction against its scenario. Every fact that the human may state must be there. What the human cannot
/// know must be absent: tool names, <c>never</c> facts, keys that only a read shows, and answers.
/// </summary>
public static class InstructionCheck
{
    /// <summary>The first error in the blueprint's instruction; null if there is none.</summary>
    public static string? Problem(Pack pack, Blueprint blueprint)
    {
        var text = blueprint.Instruction;
        var facts = blueprint.Scenario.Facts;
        foreach (var fact in facts)
        {
            var isSaid = text.Contains(fact.Said, StringComparison.Ordinal) || FieldValues.Says(text, fact.Type, fact.Value);
            if (fact.Disclosure == Disclosure.Never ? isSaid && fact.Value is not JsonBoolean : !isSaid)
                return fact.Disclosure == Disclosure.Never
                    ? $"the instruction says the {fact.Label}, which the human must never say"
                    : $"the instruction does not say the fact {fact.Slot}: {fact.Label} {fact.Said}";
        }

        if (text.AsSpan().ContainsAny(pack.Tools.Underscored))
        {
            var tool = pack.Tools.All.First(t => t.Name.Contains('_') && text.Contains(t.Name, StringComparison.OrdinalIgnoreCase));
            return $"the instruction names the tool {tool.Name}";
        }

        foreach (var action in blueprint.Actions)
        {
            if (HiddenKey(pack, action, facts, text) is { } key)
                return $"the instruction says {key}, which only a read shows";
        }

        foreach (var output in blueprint.Outputs)
        {
            // A count or a flag may occur by accident; an amount, a date or an id of a row does not.
            if (
                output.Type is "money" or "date" or "id" or "ref"
                && !Told(facts, output.Value)
                && FieldValues.Says(text, output.Type, output.Value)
            )
                return $"the instruction says {FieldValues.Say(output.Type, output.Value)}, which is the answer to \"{output.Label}\"";
        }

        return null;
    }

    private static string? HiddenKey(Pack pack, GoldAction action, IReadOnlyList<Fact> facts, string text)
    {
        var tool = pack.Tools.Find(action.Tool)!;
        foreach (var parameter in tool.Parameters)
        {
            if (
                parameter.Is is null
                || pack.Domain.Find(parameter.Is) is not { Field.Type: "id" or "ref" }
                || action.Arguments[parameter.Name] is not JsonText key
            )
                continue;
            if (text.Contains(key.Value, StringComparison.Ordinal) && FieldValues.Says(text, "id", key) && !Told(facts, key))
                return key.Value;
        }

        return null;
    }

    private static bool Told(IReadOnlyList<Fact> facts, Json value)
    {
        foreach (var fact in facts)
        {
            if (
                fact.Value == value
                || (value is JsonText { Value.Length: > 0 } key && fact.Said.Contains(key.Value, StringComparison.Ordinal))
            )
                return true;
        }

        return false;
    }
}
