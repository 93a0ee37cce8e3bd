using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Pages;

/// <summary>The values that filters offer.</summary>
public sealed record FilterChoices(
    IReadOnlyList<string> Checks,
    IReadOnlyList<string> Tools,
    IReadOnlyList<string> Domains,
    IReadOnlyList<string> Intents,
    IReadOnlyList<string> Slices,
    IReadOnlyList<string> Planted
)
{
    public static FilterChoices Of(RunCounts counts) =>
        new(
            [
                .. counts
                    .Checks("fail")
                    .Concat(counts.Checks("unsure"))
                    .Select(c => c.Name)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            [.. counts.Tools().Select(c => c.Name).Order(StringComparer.Ordinal)],
            [.. counts.By("domain").Select(c => c.Name)],
            [.. counts.By("intent").Select(c => c.Name).Order(StringComparer.Ordinal)],
            [.. counts.By("slice").Select(c => c.Name)],
            [.. counts.PlantedFaults().Select(c => c.Name)]
        );
}
