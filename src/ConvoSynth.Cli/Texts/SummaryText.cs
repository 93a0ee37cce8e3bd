using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Texts;

/// <summary>The summary for people.</summary>
internal static class SummaryText
{
    private const int Shown = 20;
    private const int ShownReasons = 12;

    public static void Print(RunSummary summary, bool json)
    {
        if (json)
        {
            Console.WriteLine(summary.ToJson());
            return;
        }

        Console.WriteLine(Counts(summary));
        TextTable.Counts(summary.Reasons.OrderByDescending(r => r.Value).Take(ShownReasons)).Print();
        if (summary.UndecidedReasons.Count > 0)
            Console.WriteLine("undecided:");
        TextTable.Counts(summary.UndecidedReasons.OrderByDescending(r => r.Value).Take(ShownReasons)).Print();
        if (summary.EarlyStops is { } stops)
            Console.WriteLine(EarlyStopCounter.Text(stops));
        Judges(summary);
        ProposalText.Print(summary);
        LedgerText.Print(summary);
        Slices(summary);
        Planted(summary);
        Replayed(summary);
    }

    private static string Counts(RunSummary summary)
    {
        var open = summary.Open > 0 ? $", {summary.Open} open" : "";
        var retried = summary.Retried > 0 ? $"; {summary.Retried} attempts tried again" : "";
        var decided = $"{summary.Accepted} accepted, {summary.Undecided} undecided, {summary.Rejected} rejected";
        var counts = $"{summary.Planned} planned, {decided}, {summary.Failed} failed{open}{retried}";
        var profile = summary.Accept == Profile.Strict ? "" : $" (accepted by the profile {Profiles.NameOf(summary.Accept)})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.RunId}{profile}: {counts}; {summary.Seconds:0.0} s, {summary.DialoguesPerSecond:0} dialogues/s"
        );
    }

    private static void Slices(RunSummary summary)
    {
        if (summary.Slices is not { Count: > 0 } slices)
            return;
        Console.WriteLine("slices:");
        var table = new TextTable(
            "slice",
            TextColumn.Number("accepted"),
            TextColumn.Number("undecided"),
            TextColumn.Number("rejected"),
            TextColumn.Number("pass rate"),
            TextColumn.Number("95 %")
        );
        foreach (var (slice, counts) in slices)
        {
            var (low, high) = ShareInterval.Wilson(counts.Accepted, counts.Accepted + counts.Rejected);
            table.Add(
                slice,
                counts.Accepted,
                counts.Undecided,
                counts.Rejected,
                counts.PassRate is { } rate ? rate.ToString("P1", CultureInfo.InvariantCulture) : "",
                string.Create(CultureInfo.InvariantCulture, $"{low:P0}-{high:P0}")
            );
        }

        table.Print();
    }

    private static void Judges(RunSummary summary)
    {
        if (summary.Committee is not { } committee)
            return;
        Console.WriteLine($"judges, where all were asked{(committee.Simulated ? " (simulated)" : "")}:");
        var table = new TextTable("criterion", TextColumn.Number("judged"), TextColumn.Number("unanimous"), TextColumn.Number("alpha"));
        foreach (var (criterion, found) in committee.Criteria)
        {
            var alpha = found.Alpha?.ToString("0.00", CultureInfo.InvariantCulture) ?? "unknown";
            table.Add(criterion, found.Units, found.Unanimous, alpha);
        }

        table.Print();
    }

    private static void Planted(RunSummary summary)
    {
        if (summary.Planted.Count == 0)
            return;
        var all = summary.Planted.Values;
        var decided = $"{all.Sum(p => p.Rejected)} rejected, {all.Sum(p => p.Undecided)} undecided, {all.Sum(p => p.Accepted)} accepted";
        var counted = $"{decided}, {all.Sum(p => p.Retried)} tried again";
        Console.WriteLine($"planted faults ({counted}; {summary.RejectedUnplanted} rejected without one):");
        var table = new TextTable(
            "fault",
            TextColumn.Number("rejected"),
            TextColumn.Number("undecided"),
            TextColumn.Number("accepted"),
            TextColumn.Number("retried")
        );
        foreach (var (kind, counts) in summary.Planted)
            table.Add(kind, counts.Rejected, counts.Undecided, counts.Accepted, counts.Retried);
        table.Print();
    }

    private static void Replayed(RunSummary summary)
    {
        if (summary.Observations is { } observations)
        {
            Console.WriteLine($"observations: {observations.Matched}/{observations.Total} came back as recorded");
            foreach (var difference in observations.Differences.Take(Shown))
                Console.WriteLine($"  {difference.Id} message {difference.Message}: {VisibleText.Of(difference.What)}");
        }

        if (summary.Agreement is { } agreement)
        {
            Console.WriteLine($"rewards: {agreement.Matched}/{agreement.Total} agree with the record");
            foreach (var each in agreement.Disagreements.Take(Shown))
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {each.Id}: recorded {each.Recorded}, here {each.Reward}: {string.Join("; ", each.Why)}"
                    )
                );
        }

        if (summary.OutcomeStage is not { } ours)
            return;
        Console.WriteLine(
            $"our outcome checks beside the reward: both pass {ours.BothPass}, both fail {ours.BothFail}, "
                + $"only the reward passes {ours.OnlyRewardPasses}, only ours pass {ours.OnlyOursPass}"
        );
        foreach (var each in ours.Differences.Take(Shown))
            Console.WriteLine($"  {each.Id}: {(each.Passes ? "only ours pass" : "only the reward passes")}: {string.Join("; ", each.Why)}");
    }
}
