using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Pages;

/// <summary>The figures of a run's overview.</summary>
public sealed record OverviewFigures(
    IReadOnlyList<StatusCounts> Statuses,
    IReadOnlyList<StatusCounts> Failed,
    IReadOnlyList<StatusCounts> Unsure,
    IReadOnlyList<StatusCounts> Faults,
    IReadOnlyList<StatusCounts> Domains,
    IReadOnlyList<StatusCounts> Intents,
    IReadOnlyList<StatusCounts> Slices,
    IReadOnlyList<StatusCounts> Tools,
    IReadOnlyList<StatusCounts> Planted,
    IReadOnlyList<StatusCounts> Judges,
    IReadOnlyList<StatusCounts> Lengths,
    double? Cost
)
{
    public static OverviewFigures Of(RunCounts counts) =>
        new(
            [.. counts.Statuses().Select(s => OfStatus(s.Name, s.Rows))],
            Plain(counts.Checks("fail"), "rejected"),
            Plain(counts.Checks("unsure"), "undecided"),
            Plain(counts.Faults(), "rejected"),
            counts.By("domain"),
            counts.By("intent"),
            counts.By("slice"),
            Plain(counts.Tools(), "accepted"),
            Plain(counts.PlantedFaults(), "rejected"),
            Plain(counts.Judges(), "accepted"),
            Plain(counts.Lengths(), "accepted"),
            counts.Cost()
        );

    private static IReadOnlyList<StatusCounts> Plain(IReadOnlyList<Counted> counted, string status) =>
        [.. counted.Select(c => OfStatus(c.Name, c.Rows, status))];

    private static StatusCounts OfStatus(string name, long rows, string? status = null) =>
        (status ?? name) switch
        {
            "accepted" => new(name, rows, 0, 0, 0),
            "undecided" => new(name, 0, rows, 0, 0),
            "rejected" => new(name, 0, 0, rows, 0),
            _ => new(name, 0, 0, 0, rows),
        };
}
