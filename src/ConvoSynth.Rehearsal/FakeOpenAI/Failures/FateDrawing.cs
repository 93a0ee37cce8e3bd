using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Failures;

/// <summary>The planned fate of one try of a call.</summary>
/// <param name="Failure">The planted error; without one, the planted useless answer; otherwise none.</param>
/// <param name="Seconds">Latency.</param>
internal readonly record struct Fate(FailureKind Failure, double Seconds);

/// <summary>
/// Draws failures and latencies. Both are functions of the dialogue's script, the call and the number of the try, independent of time and
/// of other requests. Two servers with the same settings treat the same tries alike, and a retry of a failed call may pass.
/// </summary>
internal sealed class FateDrawing(FailureRates rates, double medianSeconds, double sigma)
{
    /// <summary>Upper bound of any draw.</summary>
    public const double LongestSeconds = 3600;

    private static readonly FailureKind[] Errors = [.. FailureKinds.All.Where(k => !FailureKinds.IsAnswer(k))];
    private static readonly FailureKind[] Answers = [.. FailureKinds.All.Where(FailureKinds.IsAnswer)];

    /// <summary>For a request outside any dialogue: no failure, and the median latency.</summary>
    public Fate Plain => new(FailureKind.None, medianSeconds);

    /// <param name="call">The seed of the call, from script, role, step and part.</param>
    /// <param name="number">Number of the try, from 1.</param>
    public Fate Of(Seed call, int number)
    {
        var once = call.For(number);
        var failure = Draw(Errors, once.For("error"));
        return new(failure != FailureKind.None ? failure : Draw(Answers, call.For("answer")), Latency(once));
    }

    private FailureKind Draw(FailureKind[] kinds, Seed seed)
    {
        var drawn = Uniform(seed);
        foreach (var kind in kinds)
        {
            drawn -= rates[kind];
            if (drawn < 0)
                return kind;
        }

        return FailureKind.None;
    }

    // Log-normal, by Box and Muller (1958).
    private double Latency(Seed seed)
    {
        if (medianSeconds == 0 || sigma == 0)
            return medianSeconds;
        var normal = Math.Sqrt(-2 * Math.Log(1 - Uniform(seed.For("radius")))) * Math.Cos(2 * Math.PI * Uniform(seed.For("angle")));
        return Math.Min(LongestSeconds, medianSeconds * Math.Exp(sigma * normal));
    }

    // From 0 (inclusive) to 1 (exclusive).
    private static double Uniform(Seed seed) => (seed.Value >> 11) * (1.0 / (1UL << 53));
}
