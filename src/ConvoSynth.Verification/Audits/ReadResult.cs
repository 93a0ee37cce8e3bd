using System.Collections.Immutable;

namespace ConvoSynth.Verification.Audits;

/// <summary>How the reads of right dialogues were judged.</summary>
/// <param name="Needed">Reads without which a check finds something that it did not find before.</param>
/// <param name="Flagged">Those among the needed that were found needless all the same.</param>
/// <param name="Needless">Reads that were found needless and that no check misses.</param>
/// <param name="Examples">The first flagged reads.</param>
public sealed record ReadResult(long Needed, long Flagged, long Needless, ImmutableArray<string> Examples)
{
    public double FlaggedShare => Needed == 0 ? 0 : (double)Flagged / Needed;

    public static ReadResult None { get; } = new(0, 0, 0, []);

    /// <summary>The sum of both results.</summary>
    public ReadResult And(ReadResult other) =>
        new(Needed + other.Needed, Flagged + other.Flagged, Needless + other.Needless, [.. Examples.Concat(other.Examples).Take(20)]);
}
