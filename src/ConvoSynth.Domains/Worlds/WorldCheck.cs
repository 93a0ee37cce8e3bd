using ConvoSynth.Core;
using ConvoSynth.Domains.Acceptance;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Worlds;

/// <summary>What the check of a world found.</summary>
/// <param name="Problem">Why tasks must not be sampled from it; null if they may.</param>
/// <param name="Guards">Each tool's guards with the rows on which they hold and are broken, counted up to what data.yaml ensures.</param>
/// <param name="GuardsReached">How many guards a task breaks.</param>
/// <param name="CellsReached">How many kinds of tasks the world allows.</param>
public sealed record WorldReport(
    string? Problem,
    IReadOnlyList<(string Tool, GuardTrialResult Guard)> Guards,
    int GuardsReached = 0,
    int CellsReached = 0
)
{
    /// <summary>The report with what the cells that can be produced reach.</summary>
    internal WorldReport Reaching(IReadOnlyList<Cell> cells) =>
        this with
        {
            GuardsReached = cells.Select(c => c.Broken?.Name).OfType<string>().Distinct(StringComparer.Ordinal).Count(),
            CellsReached = cells.Count,
        };
}

/// <summary>Checks a world before tasks are sampled from it: each guard must hold and be broken as often as data.yaml ensures.</summary>
public static class WorldCheck
{
    // Bounds the calls that look for rows of one tool's guards; two walks over its rows, if that is more.
    private const int MaxTrials = 6000;

    public static WorldReport Of(Pack world)
    {
        var faults = new List<PackDiagnostic>();
        var data = world.Yaml("data.yaml", faults);
        var ensure = data is null ? EnsuredCounts.Default : EnsuredCounts.Read(data, world);
        var coverage = new ToolCoverage(world, _ => 0);
        var seen = new List<(string Tool, GuardTrialResult Guard)>();
        string? problem = null;
        foreach (var tool in world.Tools.All.Where(t => t.Guards.Count > 0))
        {
            var counts = Count(world, tool, ensure, coverage);
            seen.AddRange(counts.Results.Select(r => (tool.Name, r)));
            problem ??= counts.Missing().Select(m => $"{tool.Name}: {m.Reason}").FirstOrDefault();
        }

        return new(problem ?? coverage.Faults.Concat(faults).FirstOrDefault()?.ToString(), seen);
    }

    private static GuardCounts Count(Pack world, ToolSpec tool, EnsuredCounts ensure, ToolCoverage coverage)
    {
        var counts = new GuardCounts(world, tool, ensure);
        var calls = new CallTrials(world, tool, new Seed(0).For("acceptance").For(tool.Name));
        var environment = new DialogueEnvironment(world);
        for (var i = 0; i < Math.Max(MaxTrials, calls.Round * 2) && !counts.Suffice; i++)
            counts.Sample(coverage, environment, calls.Arguments(i));
        return counts;
    }
}
