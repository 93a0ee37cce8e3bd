using ConvoSynth.Core;

namespace ConvoSynth.Verification.Judges;

/// <summary>How many judges with the same errors, but independent ones, would be worth the committee.</summary>
/// <param name="Judges">1 where all err together, the number of seats where their errors are independent.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Correlation">Mean correlation of two seats' errors.</param>
public sealed record Worth(double Judges, double Low, double High, double Correlation)
{
    private const int Resamples = 1000;

    /// <summary>
    /// The variance of the seats' mean error, compared with that of independent seats: n · Σ var / Σ cov (L. Kish's effective sample
    /// size). Planted and clean dialogues are counted apart and then pooled, since the two rates of error differ.
    /// </summary>
    /// <param name="errors">Per dialogue: whether it is planted, and for each seat whether it erred; as many seats in each.</param>
    /// <param name="seed">The seed of the bootstrap.</param>
    /// <returns>Null for fewer than two dialogues, or if no seat erred in some and was right in others.</returns>
    public static Worth? Of(IReadOnlyList<(bool IsPlanted, bool[] Erred)> errors, Seed seed)
    {
        if (errors.Count < 2 || Estimate(errors) is not { } estimate)
            return null;
        var random = seed.Random();
        var drawn = new List<double>(Resamples);
        var sample = new (bool, bool[])[errors.Count];
        for (var i = 0; i < Resamples; i++)
        {
            for (var k = 0; k < sample.Length; k++)
                sample[k] = errors[random.Next(errors.Count)];
            if (Estimate(sample) is { } again)
                drawn.Add(again.Judges);
        }

        drawn.Sort();
        return new(Rounded(estimate.Judges), Rounded(At(0.025)), Rounded(At(0.975)), Rounded(estimate.Correlation));

        double At(double share) => drawn.Count == 0 ? estimate.Judges : drawn[(int)Math.Round(share * (drawn.Count - 1))];
    }

    private static (double Judges, double Correlation)? Estimate(IReadOnlyList<(bool IsPlanted, bool[] Erred)> errors)
    {
        var seats = errors[0].Erred.Length;
        double variances = 0,
            all = 0;
        foreach (var group in errors.ToLookup(e => e.IsPlanted, e => e.Erred))
        {
            var cases = group.ToArray();
            double[] rates = [.. Enumerable.Range(0, seats).Select(s => cases.Average(c => c[s] ? 1.0 : 0.0))];
            variances += cases.Length * rates.Sum(r => r * (1 - r));
            all += cases.Sum(c => Math.Pow(c.Count(e => e) - rates.Sum(), 2));
        }

        if (variances == 0)
            return null;
        // Errors that cancel each other out are taken for chance.
        var judges = all == 0 ? seats : Math.Clamp(seats * variances / all, 1, seats);
        return (judges, seats == 1 ? 1 : (all - variances) / ((seats - 1) * variances));
    }

    private static double Rounded(double value) => Math.Round(value, 3);
}
