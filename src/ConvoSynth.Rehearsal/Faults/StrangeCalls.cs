using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Calls without a basis: of a tool that was not offered, or with an id from nowhere. The right call follows.</summary>
internal sealed class StrangeCalls(Pack pack, Blueprint blueprint, SeededRandom random)
{
    private const int Tries = 8;

    public FaultPlan? NotOffered()
    {
        var filling = new ArgumentFilling(pack, blueprint, random, new Trial(pack, blueprint).Environment.Db);
        foreach (var tool in random.Shuffled(pack.Tools.All.Where(t => !blueprint.AvailableTools.Contains(t.Name, StringComparer.Ordinal))))
        {
            if (After() is { } action && filling.Fill(tool) is { } arguments)
                return new(FaultKinds.ToolNotOffered) { Action = action, Calls = [new(tool.Name, arguments.ToString())] };
        }

        return null;
    }

    /// <summary>A read by an id that resembles the right one and occurs nowhere in the dialogue.</summary>
    public FaultPlan? InventedIdentifier()
    {
        foreach (var action in random.Shuffled(Enumerable.Range(0, blueprint.Actions.Length)))
        {
            if (
                blueprint.Actions[action] is { Writes: false, Arguments: JsonMap arguments } gold
                && pack.Tools.Find(gold.Tool) is { Kind: ToolKind.Read } tool
                && Made(tool, arguments) is { } invented
            )
                return new(FaultKinds.InventedIdentifier) { Action = action, Calls = [new(tool.Name, invented.ToString())] };
        }

        return null;
    }

    private JsonMap? Made(ToolSpec tool, JsonMap arguments)
    {
        foreach (var parameter in random.Shuffled(tool.Parameters))
        {
            if (!IsId(pack, parameter) || arguments[parameter.Name] is not JsonText { Value: var right })
                continue;
            for (var i = 0; i < Tries; i++)
            {
                if (OtherDigits(right, random) is { } id && !Stands(id))
                    return arguments.With(parameter.Name, id);
            }
        }

        return null;
    }

    /// <summary>Whether the argument identifies a row, so that it must have a source.</summary>
    public static bool IsId(Pack pack, ToolParameter parameter) =>
        !parameter.IsList && parameter.Is is not null && pack.Domain.Find(parameter.Is) is { } named && named.Field.Type is "id" or "ref";

    /// <summary>An id of the same form with other digits; null if it has too few digits.</summary>
    public static string? OtherDigits(string id, SeededRandom random)
    {
        var characters = id.ToCharArray();
        var digits = Enumerable.Range(0, id.Length).Where(i => char.IsAsciiDigit(id[i])).ToArray();
        if (digits.Length < 2)
            return null;
        foreach (var at in random.Shuffled(digits).Take(Math.Max(2, digits.Length / 2)))
            characters[at] = (char)('0' + ((characters[at] - '0' + random.Between(1, 9)) % 10));
        return new(characters);
    }

    private bool Stands(string id)
    {
        if (blueprint.Instruction.Contains(id, StringComparison.OrdinalIgnoreCase))
            return true;
        if (
            blueprint.Scenario.Facts.Any(f =>
                f.Said.Contains(id, StringComparison.OrdinalIgnoreCase)
                || f.Value.ToString().Contains(id, StringComparison.OrdinalIgnoreCase)
            )
        )
            return true;
        return blueprint.Actions.Any(a =>
            a.Observation.Contains(id, StringComparison.OrdinalIgnoreCase)
            || a.Arguments.ToString().Contains(id, StringComparison.OrdinalIgnoreCase)
        );
    }

    // Only after the person is identified: otherwise that omission would be the first fault.
    private int? After()
    {
        var later = Enumerable
            .Range(0, blueprint.Actions.Length)
            .Where(i => !pack.Domain.Identity.Any(p => p.Tool == blueprint.Actions[i].Tool))
            .ToArray();
        return later.Length == 0 ? null : random.Pick(later);
    }
}
