using System.Globalization;

namespace ConvoSynth.Core.Campaigns;

/// <summary>
/// The pass rates between which tasks are worth keeping: above it they are mastered, below it too hard. Written as <c>0.2..0.85</c>.
/// </summary>
/// <param name="Low">From 0.</param>
/// <param name="High">Up to 1.</param>
public sealed record KeepBand(double Low, double High)
{
    /// <summary>How many dialogues play each task of a run that names a band and no number of rounds.</summary>
    public const int UsualRounds = 8;

    /// <value>0.2 to 0.85.</value>
    public static KeepBand Usual { get; } = new(0.2, 0.85);

    /// <exception cref="FormatException">The text is no band; the message says why.</exception>
    public static KeepBand Parse(string text) => Read(text) ?? throw new FormatException(Problem(text));

    /// <summary>Why the text is no band; null if it is.</summary>
    public static string? Problem(string text) =>
        Read(text) is null
            ? $"the band of pass rates to keep is \"{text}\"; write LOW..HIGH with 0 <= LOW < HIGH <= 1, such as {Usual}"
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low}..{High}");

    private static KeepBand? Read(string text) =>
        text.Split("..", StringSplitOptions.TrimEntries) is [var from, var to]
        && double.TryParse(from, NumberStyles.Float, CultureInfo.InvariantCulture, out var low)
        && double.TryParse(to, NumberStyles.Float, CultureInfo.InvariantCulture, out var high)
        && low >= 0
        && low < high
        && high <= 1
            ? new(low, high)
            : null;
}
