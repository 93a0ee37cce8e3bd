using System.Globalization;

namespace ConvoSynth.Drills;

/// <summary>With a quota that the endpoint enforces: how much of it is used, and how often it is exceeded.</summary>
internal static class QuotaDrill
{
    private const int Seconds = 180;
    private const double LeastUse = 0.97;
    private const double MaxRefused = 0.005;

    public static async Task<bool> Run(Settings settings)
    {
        // One run in which tokens are the binding limit, and one in which requests are.
        var tokens = await Run(settings, 6_000, 3_000_000, "tokens");
        var requests = await Run(settings, 6_000, 300_000_000, "requests");
        return tokens && requests;
    }

    private static async Task<bool> Run(Settings settings, int rpm, long tpm, string binding)
    {
        using var folder = new DrillFolder();
        await using var endpoint = await EndpointProcess.Start(
            settings,
            "--latency",
            "1",
            "--latency-sigma",
            "0.4",
            "--rpm",
            $"{rpm}",
            "--tpm",
            $"{tpm}"
        );
        var spec = folder.Spec(endpoint.Url, endpoint: $", requests_per_minute: {rpm}, tokens_per_minute: {tpm}");
        var process = Programs.Start(
            settings,
            [
                "generate",
                "--spec",
                spec,
                "--count",
                "100000",
                "--concurrency",
                $"{settings.Concurrency ?? 1000}",
                "--out",
                folder.At("run"),
                "--no-probe",
            ],
            quiet: true
        );
        // Starts at the first request, so that loading the packs does not count as unused quota.
        while ((await endpoint.Stats()).GetProperty("requests").GetInt64() == 0)
        {
            if (process.HasExited)
                throw new InvalidOperationException(
                    $"the run ended with exit code {process.ExitCode} before it asked the endpoint for anything"
                );
            await Wall.Wait(100);
        }

        var before = await endpoint.Stats();
        await Wall.Wait(1000 * Seconds);
        var after = await endpoint.Stats();
        process.Kill();
        await process.WaitForExitAsync();
        double Grown(string group, string name) => Of(after, group, name) - Of(before, group, name);
        var seconds = after.GetProperty("seconds").GetDouble() - before.GetProperty("seconds").GetDouble();
        var used = Grown("quota", binding) / (seconds / 60 * (binding == "tokens" ? tpm : rpm));
        var sent = after.GetProperty("requests").GetInt64() - before.GetProperty("requests").GetInt64();
        var refused = after.GetProperty("rate_limited").GetInt64() - before.GetProperty("rate_limited").GetInt64();
        var share = (double)refused / sent;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{rpm} requests/min, {tpm} tokens/min, {seconds:0} s, {binding} bind: "
                    + $"{used:P2} of the refill used (aim {LeastUse:P0}); {refused} of {sent} requests got a 429, "
                    + $"{share:P3} (aim {MaxRefused:P1})"
            )
        );
        return used >= LeastUse && share <= MaxRefused;
    }

    private static double Of(System.Text.Json.JsonElement stats, string group, string name) =>
        stats.GetProperty(group).GetProperty(name).GetProperty("used").GetDouble();
}
