using System.Globalization;

namespace ConvoSynth.Cli.Runs;

/// <summary>The summary for people.</summary>
internal static class SummaryText
{
    private const int Shown = 20;

    public static void Print(RunSummary summary, bool json)
    {
        if (json)
        {
            Console.WriteLine(summary.ToJson());
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{summary.RunId}: {summary.Planned} planned, {summary.Accepted} accepted, {summary.Rejected} rejected, {summary.Failed} failed{(summary.Open > 0 ? $", {summary.Open} open" : "")}{(summary.Retried > 0 ? $"; {summary.Retried} attempts tried again" : "")}; {summary.Seconds:0.0} s, {summary.DialoguesPerSecond:0} dialogues/s"));
        foreach (var (reason, count) in summary.Reasons.OrderByDescending(r => r.Value).Take(12)) Console.WriteLine($"  {count,6}  {reason}");
        if (summary.EarlyStops is { } stops) Console.WriteLine(EarlyStopCounter.Text(stops));
        LedgerText.Print(summary);
        Planted(summary);
        Replayed(summary);
    }

    private static void Planted(RunSummary summary)
    {
        if (summary.Planted.Count == 0) return;
        Console.WriteLine($"planted faults ({summary.Planted.Sum(p => p.Value.Rejected)} rejected, {summary.Planted.Sum(p => p.Value.Accepted)} accepted, {summary.Planted.Sum(p => p.Value.Retried)} tried again; {summary.RejectedUnplanted} rejected without one):");
        foreach (var (kind, counts) in summary.Planted) Console.WriteLine($"  {kind,-22} rejected {counts.Rejected,5}  accepted {counts.Accepted,5}{(counts.Retried > 0 ? $"  tried again {counts.Retried,5}" : "")}");
    }

    private static void Replayed(RunSummary summary)
    {
        if (summary.Observations is { } observations)
        {
            Console.WriteLine($"observations: {observations.Matched}/{observations.Total} came back as recorded");
            foreach (var difference in observations.Differences.Take(Shown)) Console.WriteLine($"  {difference.Id} message {difference.Message}: {difference.What}");
        }

        if (summary.Agreement is { } agreement)
        {
            Console.WriteLine($"rewards: {agreement.Matched}/{agreement.Total} agree with the record");
            foreach (var each in agreement.Disagreements.Take(Shown)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {each.Id}: recorded {each.Recorded}, here {each.Reward}: {string.Join("; ", each.Why)}"));
        }

        if (summary.OutcomeStage is not { } ours) return;
        Console.WriteLine($"our outcome checks beside the reward: both pass {ours.BothPass}, both fail {ours.BothFail}, only the reward passes {ours.OnlyRewardPasses}, only ours pass {ours.OnlyOursPass}");
        foreach (var each in ours.Differences.Take(Shown)) Console.WriteLine($"  {each.Id}: {(each.Passes ? "only ours pass" : "only the reward passes")}: {string.Join("; ", each.Why)}");
    }
}
