using System.Collections.Immutable;
using System.Globalization;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

/// <summary>What a scripted judge does.</summary>
public enum JudgeManner
{
    /// <summary>It knows where a fault is, and errs at its rates.</summary>
    Errs,

    /// <summary>It votes 1 and says yes, whatever that means in the question.</summary>
    Yes,

    /// <summary>It votes 0 and says no.</summary>
    No,

    /// <summary>It answers with words that are no JSON.</summary>
    Garbage,

    /// <summary>It never answers.</summary>
    Hangs,
}

/// <summary>The conduct of one seat.</summary>
/// <param name="Misses">Share of the dialogues with a planted fault that it finds nothing in.</param>
/// <param name="Alarms">Share of the other dialogues, and of tasks, in which it finds a fault.</param>
public sealed record JudgeConduct(JudgeManner Manner, double Misses, double Alarms);

/// <summary>The conduct of the scripted judges; a seat that is not named finds nothing wrong in anything.</summary>
/// <param name="Seats">By the seat's name.</param>
/// <param name="Together">
/// The correlation of two seats' errors, for equal rates: in so large a share of dialogues, drawn per dialogue, all seats use one draw;
/// in the others each has its own.
/// </param>
public sealed record JudgeConducts(ImmutableSortedDictionary<string, JudgeConduct> Seats, double Together)
{
    private const string Form = "of the form SEAT=yes, no, garbage, hang, or miss:RATE,alarm:RATE";

    public static JudgeConducts None { get; } = new(ImmutableSortedDictionary.Create<string, JudgeConduct>(StringComparer.Ordinal), 0);

    /// <summary>Parses <c>SEAT=CONDUCT</c>, such as <c>one=miss:0.2,alarm:0.1</c> or <c>two=yes</c>.</summary>
    /// <exception cref="FormatException">A pair is malformed or a seat is given twice; the message quotes it.</exception>
    public static JudgeConducts Parse(IEnumerable<string> pairs, double together)
    {
        var seats = ImmutableSortedDictionary.CreateBuilder<string, JudgeConduct>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var conduct = at > 0 ? ConductOf(pair[(at + 1)..]) : null;
            if (conduct is null)
                throw new FormatException($"the judge \"{pair}\" is not {Form}");
            if (!seats.TryAdd(pair[..at], conduct))
                throw new FormatException($"the judge \"{pair[..at]}\" is given twice");
        }

        return new(seats.ToImmutable(), together);
    }

    /// <returns>The first problem, as a sentence; null if there is none.</returns>
    public string? Problem()
    {
        if (Together is not (>= 0 and <= 1))
            return $"the correlation of the judges is {Together}; it must be from 0 to 1";
        foreach (var (seat, conduct) in Seats)
        {
            if (conduct.Misses is not (>= 0 and <= 1))
                return $"the judge \"{seat}\" misses {conduct.Misses}; it must be from 0 to 1";
            if (conduct.Alarms is not (>= 0 and <= 1))
                return $"the judge \"{seat}\" alarms {conduct.Alarms}; it must be from 0 to 1";
        }

        return null;
    }

    private static JudgeConduct? ConductOf(string text)
    {
        switch (text)
        {
            case "yes":
                return new(JudgeManner.Yes, 0, 0);
            case "no":
                return new(JudgeManner.No, 0, 0);
            case "garbage":
                return new(JudgeManner.Garbage, 0, 0);
            case "hang":
                return new(JudgeManner.Hangs, 0, 0);
        }

        var conduct = new JudgeConduct(JudgeManner.Errs, 0, 0);
        foreach (var part in text.Split(','))
        {
            if (
                part.Split(':') is not [var what, var number]
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
            )
                return null;
            if (what == "miss")
                conduct = conduct with { Misses = rate };
            else if (what == "alarm")
                conduct = conduct with { Alarms = rate };
            else
                return null;
        }

        return conduct;
    }
}
