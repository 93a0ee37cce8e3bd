using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Core;
using ConvoSynth.Shards.Runs;

namespace ConvoSynth.Cli.Runs;

/// <summary>The ledger for people, and as a file.</summary>
internal static class LedgerText
{
    /// <summary>The ledger in the run folder: one JSON line for each stage, role, endpoint, slice and tier.</summary>
    public const string FileName = "ledger.jsonl";

    public static void Write(RunFolder run, Ledger ledger) => run.WriteFile(run.Path, FileName, stream =>
    {
        foreach (var line in ledger.Lines)
        {
            JsonSerializer.Serialize(stream, line, LedgerJson.Default.LedgerLine);
            stream.WriteByte((byte)'\n');
        }
    });

    public static void Print(RunSummary summary)
    {
        Funnel(summary);
        if (summary.Ledger is not { } ledger) return;
        Console.WriteLine("model calls:");
        var (tiers, writes) = (ledger.Lines.Any(l => l.ServiceTier is not null), ledger.Usage.CacheWriteTokens > 0);
        string Tier(string? name) => tiers ? $" {name,-10}" : "";
        string Written(object tokens) => writes ? $" {tokens,13}" : "";
        Console.WriteLine($"  {"stage",-13} {"role",-16} {"endpoint",-16}{Tier("tier")} {"calls",9} {"failed tries",13} {"input",13} {"cached",13}{Written("cache writes")} {"output",11} {"cost $",11} {"p50 s",7} {"p95 s",7}");
        foreach (var group in ledger.Lines.GroupBy(l => (l.Stage, l.Role, l.Endpoint, l.ServiceTier)))
        {
            var counter = new LedgerCounter();
            counter.Add(new Ledger([.. group.Select(l => l with { Slice = "" })]));
            var line = counter.Take().Lines[0];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {line.Stage,-13} {line.Role,-16} {line.Endpoint,-16}{Tier(line.ServiceTier)} {line.Calls,9} {line.FailedTries.Sum(f => f.Count),13} {line.Usage.InputTokens,13} {line.Usage.CachedTokens,13}{Written(line.Usage.CacheWriteTokens)} {line.Usage.OutputTokens,11} {line.Cost,11:0.0000} {Latency.Quantile(line.Latencies, 0.5),7:0.00} {Latency.Quantile(line.Latencies, 0.95),7:0.00}"));
        }

        foreach (var failed in ledger.Lines.SelectMany(l => l.FailedTries).GroupBy(f => f.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {failed.Sum(f => f.Count),9} tries failed and were made again: {failed.Key}"));
        var each = summary.CostPerAccepted is { } cost ? string.Create(CultureInfo.InvariantCulture, $", ${cost:0.0000} for each accepted dialogue") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  in all ${ledger.Cost:0.0000}{each}"));
    }

    private static void Funnel(RunSummary summary)
    {
        Console.WriteLine("funnel:");
        long? before = null;
        foreach (var step in summary.Funnel)
        {
            var lost = before is { } b && b != step.Left ? $"  -{b - step.Left}{(step.Undecided > 0 ? $" ({step.Undecided} undecided)" : "")}" : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {step.Step,-18} {step.Left,9}{lost}"));
            before = step.Left;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerLine))]
internal sealed partial class LedgerJson : JsonSerializerContext;
