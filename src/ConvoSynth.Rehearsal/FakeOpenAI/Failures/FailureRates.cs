using System.Collections.Immutable;
using System.Globalization;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Failures;

/// <summary>The frequency of each planted failure.</summary>
/// <param name="Rates">Kind → share of tries (of calls, for the two answers), 0 to 1; a missing kind is never planted.</param>
public sealed record FailureRates(ImmutableSortedDictionary<FailureKind, double> Rates)
{
    public static FailureRates None { get; } = new(ImmutableSortedDictionary<FailureKind, double>.Empty);

    public double this[FailureKind kind] => Rates.GetValueOrDefault(kind);

    /// <summary>Parses <c>kind=rate</c>, such as <c>500=0.05</c>.</summary>
    /// <exception cref="FormatException">A pair is malformed, unknown or given twice; the message quotes it.</exception>
    public static FailureRates Parse(IEnumerable<string> pairs)
    {
        var rates = ImmutableSortedDictionary.CreateBuilder<FailureKind, double>();
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || !double.TryParse(pair.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
                throw new FormatException($"the failure \"{pair}\" is not of the form kind=rate, such as 500=0.05");
            var kind =
                FailureKinds.Find(pair[..at])
                ?? throw new FormatException(
                    $"there is no failure \"{pair[..at]}\"; there are {string.Join(", ", FailureKinds.All.Select(FailureKinds.NameOf))}"
                );
            if (!rates.TryAdd(kind, rate))
                throw new FormatException($"the failure \"{pair[..at]}\" is given twice");
        }

        return new(rates.ToImmutable());
    }

    /// <returns>The first problem, as a sentence; null if there is none.</returns>
    public string? Problem()
    {
        foreach (var (kind, rate) in Rates)
        {
            if (rate is not (>= 0 and <= 1))
                return $"the rate of the failure {FailureKinds.NameOf(kind)} is {rate}; it must be from 0 to 1";
        }

        if (Sum(isAnswer: false) > 1)
            return "the rates of the failures that are errors add up to more than 1";
        return Sum(isAnswer: true) > 1 ? "the rates of content-filter and length add up to more than 1" : null;
    }

    private double Sum(bool isAnswer) => Rates.Where(r => FailureKinds.IsAnswer(r.Key) == isAnswer).Sum(r => r.Value);
}
