using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Runs.Summaries;

namespace ConvoSynth.Cli.Texts;

/// <summary>The ledger for people, and as a file.</summary>
internal static class LedgerText
{
    public static void Print(RunSummary summary)
    {
        Funnel(summary);
        if (summary.Ledger is not { } ledger)
            return;
        Console.WriteLine("model calls:");
        // Columns without figures in this run are omitted.
        var (tiers, writes) = (ledger.Lines.Any(l => l.ServiceTier is not null), ledger.Usage.CacheWriteTokens > 0);
        var calls = new TextTable([
            "stage",
            "role",
            "endpoint",
            .. tiers ? ["tier"] : Array.Empty<TextColumn>(),
            TextColumn.Number("calls"),
            TextColumn.Number("failed tries"),
            TextColumn.Number("input"),
            TextColumn.Number("cached"),
            .. writes ? [TextColumn.Number("cache writes")] : Array.Empty<TextColumn>(),
            TextColumn.Number("output"),
            TextColumn.Number("cost $"),
            TextColumn.Number("p50 s"),
            TextColumn.Number("p95 s"),
        ]);
        foreach (var group in ledger.Lines.GroupBy(l => (l.Stage, l.Role, l.Endpoint, l.ServiceTier)))
        {
            var counter = new LedgerCounter();
            counter.Add(new Ledger([.. group.Select(l => l with { Slice = "" })]));
            var line = counter.Take().Lines[0];
            calls.Add([
                line.Stage,
                line.Role,
                line.Endpoint,
                .. tiers ? [line.ServiceTier ?? ""] : Array.Empty<object>(),
                line.Calls,
                line.FailedTries.Sum(f => f.Count),
                line.Usage.InputTokens,
                line.Usage.CachedTokens,
                .. writes ? [line.Usage.CacheWriteTokens] : Array.Empty<object>(),
                line.Usage.OutputTokens,
                Fixed(line.Cost, "0.0000"),
                Seconds(line, 0.5),
                Seconds(line, 0.95),
            ]);
        }

        calls.Print();
        if (ledger.Lines.Sum(l => l.Estimated) is > 0 and var estimated)
            Console.WriteLine(
                $"  {estimated} of {ledger.Lines.Sum(l => l.Calls)} calls came without a count of their tokens: "
                    + "tokens and cost of these are estimates, at 4 bytes a token, and limits hold on them"
            );
        FailedTries(ledger);
        var tokens = summary.TokensPerAccepted is { } count ? $" and {count} tokens" : "";
        var each = summary.CostPerAccepted is { } cost
            ? string.Create(CultureInfo.InvariantCulture, $", ${cost:0.0000}{tokens} for each accepted dialogue")
            : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  in all ${ledger.Cost:0.0000}{each}"));
    }

    private static void FailedTries(Ledger ledger)
    {
        var failures = ledger
            .Lines.SelectMany(l => l.FailedTries)
            .GroupBy(f => f.Name, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => KeyValuePair.Create(g.Key, g.Sum(f => f.Count)))
            .ToArray();
        if (failures.Length == 0)
            return;
        Console.WriteLine("tries that failed and were made again:");
        TextTable.Counts(failures).Print();
    }

    private static string Seconds(LedgerLine line, double quantile) => Fixed(Latency.Quantile(line.Latencies, quantile), "0.00");

    private static string Fixed(IFormattable value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Funnel(RunSummary summary)
    {
        Console.WriteLine("funnel:");
        var table = new TextTable("", TextColumn.Number(""), TextColumn.Number(""), "");
        long? before = null;
        foreach (var step in summary.Funnel)
        {
            var lost = before is { } b && b != step.Left;
            var undecided = step.Undecided > 0 ? $"({step.Undecided} undecided)" : "";
            table.Add(step.Step, step.Left, lost ? $"-{before - step.Left}" : "", undecided);
            before = step.Left;
        }

        table.Print();
    }
}
