using System.Globalization;
using System.Text.Json;

namespace ConvoSynth.Drills;

/// <summary>
/// Runs healthy dialogues beside as many whose first agent request the endpoint always refuses, and measures the cost to the healthy
/// ones.
/// </summary>
internal static class PoisonDrill
{
    private const double Aim = 0.9;

    // The gate before the endpoint refuses at once, as servers do that check a prompt before they call a model.
    private static readonly (string Name, int Status, string Body)[] Kinds =
    [
        (
            "too long",
            400,
            """{"object":"error","message":"This model's maximum context length is 4096 tokens. """
                + """However, you requested 5000 tokens.","code":400}"""
        ),
        ("filtered", 403, """{"statusCode":403,"message":"Request failed content safety check."}"""),
        ("refused page", 403, "<html>Access denied</html>"),
        ("unknown error", 200, """{"error":"words that no rule knows"}"""),
    ];

    public static async Task<bool> Run(Settings settings)
    {
        var (count, slots) = (settings.Count ?? 100, settings.Concurrency ?? 16);
        // Alone before and after: on a machine that others use, one figure alone says little.
        var before = await Run(settings, count, slots, "[library]", null);
        var beside = new List<(string Kind, double Rate)>();
        foreach (var kind in Kinds)
            beside.Add((kind.Name, await Run(settings, count, slots, "[library, retail]", kind)));
        var after = await Run(settings, count, slots, "[library]", null);
        var alone = (before + after) / 2;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} healthy dialogues alone, {slots} in flight: {before:0.00} and {after:0.00} rows/s"
            )
        );
        foreach (var (kind, rate) in beside)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  beside {count} poisoned ones ({kind}): {rate:0.00} rows/s, {rate / alone:P1} (aim {Aim:P0})"
                )
            );
        }

        return beside.TrueForAll(b => b.Rate >= Aim * alone);
    }

    /// <returns>Healthy rows per second, from the first request to the last answer of a healthy dialogue.</returns>
    private static async Task<double> Run(
        Settings settings,
        int healthy,
        int slots,
        string domains,
        (string Name, int Status, string Body)? poison
    )
    {
        using var folder = new DrillFolder();
        var log = folder.At("requests.jsonl");
        await using (var endpoint = await EndpointProcess.Start(settings, "--latency", "0.3", "--latency-sigma", "0.4", "--log", log))
        await using (var gate = PoisonGate.Open(endpoint.Url, poison))
        {
            var spec = folder.Spec(gate.Url);
            await File.WriteAllTextAsync(
                spec,
                (await File.ReadAllTextAsync(spec)).Replace("[library, retail, airline]", domains, StringComparison.Ordinal)
            );
            var count = poison is null ? healthy : 2 * healthy;
            var ended = await Programs.Run(
                settings,
                "generate",
                "--spec",
                spec,
                "--count",
                $"{count}",
                "--concurrency",
                $"{slots}",
                "--out",
                folder.At("run"),
                "--json"
            );
            if (ended.Output.Length == 0)
                throw new InvalidOperationException(ended.Errors);
            using var summary = JsonDocument.Parse(ended.Output);
            if (summary.RootElement.GetProperty("accepted").GetInt64() != healthy)
                throw new InvalidOperationException($"not all of the healthy dialogues were accepted: {ended.Output}");
        }

        var requests = LoggedRequest.Read(log).ToArray();
        var last = requests.Where(r => poison is null || r.Index % 2 == 0).Max(r => r.At + r.Latency);
        return healthy / (last - requests.Min(r => r.At));
    }
}
