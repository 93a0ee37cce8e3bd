using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>What the scripted proposer does: how often it breaks a proposal in which way, and how often it repairs one.</summary>
/// <param name="Rates">Fault, one of <see cref="ProposalBreaks.All"/> → the share of first proposals that have it.</param>
/// <param name="Repair">The share of answers to feedback that are right; the others keep the fault.</param>
public sealed record ProposerConduct(ImmutableSortedDictionary<string, double> Rates, double Repair)
{
    private const string RepairName = "repair";

    /// <summary>The names of the faults.</summary>
    public static ImmutableArray<string> Faults => ProposalBreaks.All;

    public static ProposerConduct Right { get; } = new(ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal), 1);

    /// <summary>Parses <c>FAULT=RATE</c>, and <c>repair=RATE</c>.</summary>
    /// <exception cref="FormatException">A pair is malformed or given twice; the message quotes it.</exception>
    public static ProposerConduct Parse(IEnumerable<string> pairs)
    {
        var rates = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (
                pair.Split('=') is not [var name, var number]
                || !(name == RepairName || ProposalBreaks.All.Contains(name, StringComparer.Ordinal))
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
            )
                throw new FormatException(
                    $"the proposer's \"{pair}\" is not of the form NAME=RATE, where NAME is {RepairName} or one of "
                        + string.Join(", ", ProposalBreaks.All)
                );
            if (!rates.TryAdd(name, rate))
                throw new FormatException($"the proposer's \"{name}\" is given twice");
        }

        var repair = rates.TryGetValue(RepairName, out var given) ? given : Right.Repair;
        rates.Remove(RepairName);
        return new(rates.ToImmutable(), repair);
    }

    /// <returns>The first problem, as a sentence; null if there is none.</returns>
    public string? Problem()
    {
        if (Repair is not (>= 0 and <= 1))
            return $"the proposer repairs {Repair}; it must be from 0 to 1";
        foreach (var (fault, rate) in Rates)
        {
            if (rate is not (>= 0 and <= 1))
                return $"the proposer's {fault} is {rate}; it must be from 0 to 1";
        }

        return Rates.Values.Sum() <= 1 ? null : $"the proposer's rates add up to {Rates.Values.Sum()}; they must not exceed 1";
    }

    /// <summary>The fault of a round's proposal, from round 0; null for a right one.</summary>
    public string? FaultOf(Seed seed, int round)
    {
        var left = seed.For("first").Random().NextDouble();
        var fault = Rates.FirstOrDefault(r => (left -= r.Value) < 0).Key;
        for (var i = 1; i <= round && fault is not null; i++)
        {
            if (seed.For("repair").For(i).Random().Chance(Repair))
                fault = null;
        }

        return fault;
    }
}
