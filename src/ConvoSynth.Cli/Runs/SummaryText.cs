using System.Globalization;

namespace ConvoSynth.Cli.Runs;

/// <summary>The summary for people.</summary>
internal static class SummaryText
{
    public static void Print(RunSummary summary, bool json)
    {
        if (json)
        {
            Console.WriteLine(summary.ToJson());
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{summary.RunId}: {summary.Planned} planned, {summary.Accepted} accepted, {summary.Rejected} rejected, {summary.Failed} failed{(summary.Open > 0 ? $", {summary.Open} open" : "")}; {summary.Seconds:0.0} s, {summary.DialoguesPerSecond:0} dialogues/s"));
        foreach (var (reason, count) in summary.Reasons.OrderByDescending(r => r.Value).Take(12)) Console.WriteLine($"  {count,6}  {reason}");
        if (summary.Planted.Count == 0) return;
        Console.WriteLine($"planted faults ({summary.Planted.Sum(p => p.Value.Rejected)} rejected, {summary.Planted.Sum(p => p.Value.Accepted)} accepted; {summary.RejectedUnplanted} rejected without one):");
        foreach (var (kind, counts) in summary.Planted) Console.WriteLine($"  {kind,-22} rejected {counts.Rejected,5}  accepted {counts.Accepted,5}");
    }
}
