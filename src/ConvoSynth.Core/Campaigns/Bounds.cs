using System.Globalization;

namespace ConvoSynth.Core.Campaigns;

/// <summary>An inclusive range of an option.</summary>
public readonly record struct Bounds<T>(T From, T To)
    where T : struct, IComparable<T>, IFormattable
{
    /// <returns>A sentence that names the value and the range; null for a value in range.</returns>
    public string? Problem(string what, T? value) =>
        // NaN is below every number for CompareTo.
        value is not { } given
        || (given.CompareTo(From) >= 0 && given.CompareTo(To) <= 0)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{what} is {given}; it must be {this}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"from {From} to {To}");
}

/// <summary>The ranges of a run's options.</summary>
public static class RunBounds
{
    public static Bounds<double> Share { get; } = new(0, 1);

    public static Bounds<int> Worlds { get; } = new(0, 100_000);

    public static Bounds<int> Rounds { get; } = new(1, 1000);

    public static Bounds<int> ProposalRounds { get; } = new(0, 5);

    public static Bounds<int> MaxNeedless { get; } = new(0, 1000);

    public static Bounds<int> FurtherAttempts { get; } = new(0, 10);

    public static Bounds<int> PartitionSize { get; } = new(1, 1_000_000);

    public static Bounds<int> Concurrency { get; } = new(1, 1_000_000);
}
