using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Draws a price that the agent has read, to be called a difference although it is none.</summary>
internal sealed class CalledDifferences(Pack pack, Blueprint blueprint, SeededRandom random)
{
    /// <summary>Maximum number of prices that are compared in pairs.</summary>
    private const int MaxPrices = 60;

    private readonly HashSet<string> _fields =
    [
        .. pack
            .Domain.EntityOrder.Select(pack.Domain.Entity)
            .SelectMany(e => e.Fields.Values)
            .Where(f => f.Type == "money")
            .Select(f => f.Path[(f.Path.LastIndexOf('.') + 1)..]),
    ];

    /// <summary>A price that is no sum and no difference of others, that no write moves and that the human does not say.</summary>
    public string? Draw(IReadOnlyList<string> observed)
    {
        var (read, computed) = (new List<double>(), new List<double>());
        foreach (var text in observed)
        {
            if (!Json.TryParse(text, out var value, out _))
                continue;
            Collect(value, false, read);
            // A calculator's answer is a sum or a difference, or counts something.
            if (value is JsonNumber answer)
                computed.Add(answer.Value);
        }

        var moved = new List<double>();
        foreach (var change in blueprint.AcceptedEndStates.SelectMany(s => s.Diff.Changes))
        {
            // Counts too: the seats of a registration that is cancelled may equal its fee.
            var (was, now) = (new List<double>(), new List<double>());
            Collect(change.Before ?? Json.Null, true, was);
            Collect(change.After ?? Json.Null, true, now);
            moved.AddRange(Rest(was, now).Concat(Rest(now, was)));
        }

        double[] prices = [.. read.Where(p => p > 0).Distinct().Take(MaxPrices)];
        double[] said = [.. moved, .. computed, .. FieldValues.Numbers(blueprint.Instruction)];
        foreach (var price in random.Shuffled(prices))
        {
            if (
                !Array.Exists(said, s => Same(s, price))
                && !Array.Exists(prices, a => Array.Exists(prices, b => Same(Math.Abs(a - b), price) || Same(a + b, price)))
            )
                return string.Format(random.Pick(LooseLines.Difference), FieldValues.Say("money", price));
        }

        return null;
    }

    private static List<double> Rest(List<double> all, List<double> without)
    {
        var rest = all.ToList();
        without.ForEach(w => rest.Remove(w));
        return rest;
    }

    // A refund is a negative payment.
    private static bool Same(double a, double b) => Math.Abs(Math.Abs(a) - Math.Abs(b)) < 0.006;

    // The numbers in fields of money, or all numbers.
    private void Collect(Json within, bool all, List<double> numbers)
    {
        if (within is JsonNumber number)
        {
            numbers.Add(number.Value);
            return;
        }

        if (within is not JsonMap map)
        {
            foreach (var item in within.Items.Where(i => all || i is JsonMap or JsonList))
                Collect(item, all, numbers);
            return;
        }

        for (var i = 0; i < map.Count; i++)
        {
            if (all || map.Values[i] is not JsonNumber || _fields.Contains(map.Keys[i]))
                Collect(map.Values[i], all, numbers);
        }
    }
}
