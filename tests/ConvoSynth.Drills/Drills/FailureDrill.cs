using System.Globalization;
using System.Text.Json;

namespace ConvoSynth.Drills;

/// <summary>
/// Every kind of planted failure in a twentieth of the requests: the run completes, and the ledger records every try.
/// </summary>
internal static class FailureDrill
{
    private const double MaxFailed = 0.001;

    private static readonly string[] Kinds = ["500", "503", "429", "hang", "cut", "truncated", "content-type", "content-filter", "length"];

    public static async Task<bool> Run(Settings settings)
    {
        var met = true;
        foreach (var kind in Kinds)
            met &= await Run(settings, kind);
        return met;
    }

    private static async Task<bool> Run(Settings settings, string kind)
    {
        using var folder = new DrillFolder();
        await using var endpoint = await EndpointProcess.Start(
            settings,
            "--latency",
            "0.05",
            "--latency-sigma",
            "0.4",
            "--fail",
            $"{kind}=0.05"
        );
        var spec = folder.Spec(endpoint.Url, endpoint: ", timeout_seconds: 5, retries: 8");
        var count = settings.Count ?? 1_000;
        var ended = await Programs.Run(
            settings,
            "generate",
            "--spec",
            spec,
            "--count",
            $"{count}",
            "--concurrency",
            $"{settings.Concurrency ?? 200}",
            "--out",
            folder.At("run"),
            "--no-probe",
            "--json"
        );
        if (ended.ExitCode != 0)
            throw new InvalidOperationException(ended.Errors);
        using var summary = JsonDocument.Parse(ended.Output);
        var root = summary.RootElement;
        var (accepted, undecided, rejected, failed) = (
            root.GetProperty("accepted").GetInt64(),
            root.GetProperty("undecided").GetInt64(),
            root.GetProperty("rejected").GetInt64(),
            root.GetProperty("failed").GetInt64()
        );
        var stats = await endpoint.Stats();
        var planted = stats.GetProperty("failures").GetProperty(kind).GetInt64();
        var tries = root.GetProperty("ledger")
            .GetProperty("lines")
            .EnumerateArray()
            .Sum(l => l.GetProperty("failed_tries").EnumerateArray().Sum(t => t.GetProperty("count").GetInt64()));
        // A filtered or truncated answer counts as an answer: it is not retried, and the dialogue continues.
        var visible = kind is "content-filter" or "length" || tries == planted;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind, -15} {planted, 6} planted, {tries, 6} tries in the ledger{(visible ? "" : " (they differ)")}; "
                    + $"{accepted} accepted, {undecided} undecided, {rejected} rejected, {failed} failed of {count}; "
                    + $"{ended.Wall.TotalSeconds:0} s"
            )
        );
        return failed <= MaxFailed * count && accepted + undecided + rejected + failed == count && visible;
    }
}
