namespace ConvoSynth.Verification.Judges;

/// <summary>
/// Krippendorff's alpha for votes of 0 and 1 with gaps: 1 where the seats always agree, 0 where they agree as often as chance makes
/// them (K. Krippendorff, Content Analysis, 2004, chapter 11; nominal data).
/// </summary>
public sealed class Agreement
{
    // Pairs of votes in one unit, each pair counted in both directions and weighted by 1 / (votes of the unit - 1).
    private double _alike;
    private double _unlike;
    private double _ones;
    private double _zeros;

    /// <summary>Units with at least two votes.</summary>
    public long Units { get; private set; }

    /// <summary>Of these, units whose votes are all alike.</summary>
    public long Unanimous { get; private set; }

    /// <summary>Adds one unit. A unit with fewer than two votes says nothing of agreement and is left out.</summary>
    public void Add(int ones, int zeros)
    {
        var votes = ones + zeros;
        if (votes < 2)
            return;
        Units++;
        if (ones == 0 || zeros == 0)
            Unanimous++;
        _alike += ((ones * (ones - 1.0)) + (zeros * (zeros - 1.0))) / (votes - 1);
        _unlike += 2.0 * ones * zeros / (votes - 1);
        _ones += ones;
        _zeros += zeros;
    }

    /// <summary>Null without a pair of votes, and if all votes are alike: then chance alone would make the seats agree.</summary>
    public double? Alpha
    {
        get
        {
            var votes = _alike + _unlike;
            return _ones * _zeros == 0 ? null : 1 - ((votes - 1) * _unlike / (2 * _ones * _zeros));
        }
    }
}
