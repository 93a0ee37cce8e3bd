using System.Text.Json.Serialization;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Runs.Summaries;

/// <summary>Rows by outcome.</summary>
public sealed record IntentCounts(long Accepted, long Undecided, long Rejected)
{
    internal static IntentCounts Zero { get; } = new(0, 0, 0);

    public static IntentCounts operator +(IntentCounts a, IntentCounts b) =>
        new(a.Accepted + b.Accepted, a.Undecided + b.Undecided, a.Rejected + b.Rejected);

    /// <summary>Accepted rows among the decided ones, 0 to 1; null if none is decided.</summary>
    [JsonIgnore]
    public double? PassRate => Accepted + Rejected == 0 ? null : (double)Accepted / (Accepted + Rejected);

    internal IntentCounts With(string status) =>
        status switch
        {
            RowStatus.Accepted => this with { Accepted = Accepted + 1 },
            RowStatus.Undecided => this with { Undecided = Undecided + 1 },
            _ => this with { Rejected = Rejected + 1 },
        };
}

/// <summary>Rows with a planted fault, by outcome; retried ones were caught as well.</summary>
public sealed record PlantedCounts(long Accepted, long Undecided, long Rejected, long Retried)
{
    internal static PlantedCounts Zero { get; } = new(0, 0, 0, 0);

    internal PlantedCounts With(string status) =>
        status switch
        {
            RowStatus.Accepted => this with { Accepted = Accepted + 1 },
            RowStatus.Undecided => this with { Undecided = Undecided + 1 },
            RowStatus.Retried => this with { Retried = Retried + 1 },
            _ => this with { Rejected = Rejected + 1 },
        };
}
