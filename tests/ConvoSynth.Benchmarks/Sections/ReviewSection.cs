using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>The review app on a run of many rows: pages, lists, searches, decisions, edits, and a session in a real Chromium.</summary>
internal static partial class ReviewSection
{
    private const int Walked = 100;
    private const int Played = 60;
    private const int Each = 5;

    /// <summary>Where <c>--out</c> names a run, that run is measured, and what was decided in it before is removed.</summary>
    public static async Task Run(Inputs inputs)
    {
        var folder = Directory.CreateTempSubdirectory("convosynth-bench-").FullName;
        try
        {
            var run = inputs.Out ?? await Made(inputs, Path.Combine(folder, "run"));
            var derived = Path.Combine(run, "review");
            if (Directory.Exists(derived))
                Directory.Delete(derived, recursive: true);
            var begun = TimeProvider.System.GetTimestamp();
            using (var server = await ReviewProcess.Start(run))
            {
                using var client = new HttpClient { BaseAddress = server.Url, Timeout = TimeSpan.FromMinutes(5) };
                Console.WriteLine(
                    $"  started, facts files built: {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s, "
                        + $"{Size(derived) / 1e6:0.0} MB"
                );
                await Pages(client);
                await Search(client);
                await Walk(client);
                await Session(server.Url);
                Console.WriteLine($"  server's peak memory: {server.Peak / 1e6:0} MB (aim 1000)");
            }

            await Kill(run);
            await Promote(run, Path.Combine(folder, "promoted"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Made(Inputs inputs, string run)
    {
        string[] domains = [.. Campaigns.Domains.SelectMany(domain => (string[])["--domain", domain])];
        string[] command =
        [
            ReviewProcess.Program,
            "generate",
            .. domains,
            "--count",
            $"{inputs.Count}",
            "--fault-rate",
            "0.2",
            "--seed",
            $"{inputs.Seed}",
        ];
        var gauge = Gauge.Start();
        await ReviewProcess.Run("dotnet", [.. command, "--out", run]);
        Console.WriteLine(
            $"{inputs.Count} dialogues of {string.Join(", ", Campaigns.Domains)}, made in {gauge.Stop().Wall.TotalSeconds:0} s"
        );
        return run;
    }

    private static async Task Pages(HttpClient client)
    {
        await Print(client, "first page", "/", 1, "aim 1000");
        await Print(client, "overview again", "/", Each, "");
        await Print(client, "list", "/rows", Each, "aim 300");
        await Print(client, "list by columns", "/rows?status=rejected&domain=retail", Each, "aim 300");
        await Print(client, "list by check", "/rows?check=outcome.end-state&outcome=fail", Each, "aim 1000");
        await Print(client, "list by fault", "/rows?fault=human&outcome=fail", Each, "aim 1000");
        await Print(client, "list by tool", "/rows?tool=get_loans", Each, "aim 1000");
        await Print(client, "queues", "/queues", Each, "");
        await Print(client, "kinds", "/kinds", 1, "");
    }

    private static async Task Search(HttpClient client)
    {
        foreach (var text in (string[])["surname", "no row has these words"])
        {
            var begun = TimeProvider.System.GetTimestamp();
            var first = TimeSpan.Zero;
            for (var page = ""; page.Length == 0 || page.Contains("id=\"searching\""); )
            {
                page = await client.GetStringAsync($"/rows?text={Uri.EscapeDataString(text)}");
                first = first == TimeSpan.Zero ? TimeProvider.System.GetElapsedTime(begun) : first;
            }

            Console.WriteLine(
                $"  search for \"{text}\": first page {first.TotalMilliseconds:0} ms (aim 2000), "
                    + $"whole {TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds:0} ms (aim 20000)"
            );
        }
    }

    private static async Task Walk(HttpClient client)
    {
        const string View = "?check=outcome.end-state&outcome=fail&decided=open";
        var list = await client.GetStringAsync($"/rows{View}");
        string[] rows = [.. RowIds().Matches(list).Select(m => m.Groups[1].Value).Take(Walked)];
        var token = JsonNode.Parse(await client.GetStringAsync("/api/token"))!["token"]!;
        client.DefaultRequestHeaders.Add("X-CSRF", (string)token!);
        await client.GetStringAsync($"/row/{rows[0]}{View}");
        Print("next trajectory", await Times(rows, row => client.GetStringAsync($"/row/{row}{View}")), "aim 100");
        await Play(client, rows[0], "{}");
        var changed = 0;
        Print(
            "edit played to verdicts",
            await Times(rows.Take(Played), async row => changed += await Play(client, row, "{}") > 0 ? 1 : 0),
            "aim 200"
        );
        Console.WriteLine($"    {changed} of {Math.Min(Played, rows.Length)} edits changed verdicts");
        Print(
            "decision kept, next row claimed",
            await Times(
                rows.Take(20),
                async row =>
                {
                    using var answer = await client.PostAsJsonAsync(
                        "/api/decisions",
                        new
                        {
                            row,
                            ruling = "reject",
                            view = View,
                        }
                    );
                    answer.EnsureSuccessStatusCode();
                }
            ),
            ""
        );
    }

    // Plays a row with other arguments in its last call, and returns how many verdicts differ.
    private static async Task<int> Play(HttpClient client, string row, string arguments)
    {
        var turns = JsonNode.Parse(await client.GetStringAsync($"/api/turns/{row}"))!.AsArray();
        if (turns.SelectMany(t => t!["calls"]!.AsArray()).LastOrDefault() is { } call)
            call["arguments"] = arguments;
        using var answer = await client.PostAsJsonAsync("/api/play", new { row, turns });
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["changed"]!.AsArray().Count;
    }

    private static async Task Session(Uri url)
    {
        if (await InBrowser("walk", url.ToString(), "check=claims.claims&outcome=fail", "20") is not { } seen)
            return;
        double[] times = [.. seen["times"]!.AsArray().Select(t => (double)t!)];
        Print("Chromium: key to next row", times, "aim 100, prefetched");
        Console.WriteLine($"    {seen["decided"]!.AsArray().Count} rows decided by keys, 5 of them overturned, the last undone");
    }

    private static async Task Kill(string run)
    {
        if (
            await InBrowser("killed", "http://127.0.0.1", ReviewProcess.Program, run, "status=accepted&decided=open", "100") is not { } seen
        )
            return;
        string[] rows = [.. seen["decided"]!.AsArray().Select(d => (string)d!["row"]!)];
        var kept = (await File.ReadAllLinesAsync(Path.Combine(run, "review", "decisions.log")))
            .Where(l => rows.Any(r => l.Contains($"\"{r}\"")))
            .ToArray();
        Console.WriteLine(
            $"  two in Chromium, the server killed once: {rows.Length} decisions on {rows.Distinct().Count()} rows, "
                + $"{kept.Length} in the log"
        );
    }

    private static async Task Promote(string run, string target)
    {
        var gauge = Gauge.Start();
        var told = await ReviewProcess.Run("dotnet", ReviewProcess.Program, "promote", run, "--out", target);
        var found = new RunReader(new(new DiskStorage(), target)).Rows(columns: ["label_source"]).Count(r => r.LabelSource == "human");
        Console.WriteLine(
            $"  promoted in {gauge.Stop().Wall.TotalSeconds:0.0} s:{told.Trim()[target.Length..]}; "
                + $"{found} rows are a person's in the new shards"
        );
    }

    private static async Task<JsonNode?> InBrowser(string step, string url, params string[] arguments)
    {
        var chromium = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(p => Path.Combine(p, "chromium"))
            .FirstOrDefault(File.Exists);
        var script = Path.GetFullPath("tests/browser/review.mjs");
        if (chromium is null || !Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules")))
        {
            Console.WriteLine($"  {step} in a browser: skipped, for chromium or the packages of tests/browser are missing (make browser)");
            return null;
        }

        return JsonNode.Parse(await ReviewProcess.Run("node", [script, step, url.TrimEnd('/'), chromium, .. arguments]));
    }

    private static async Task Print(HttpClient client, string name, string path, int times, string aim) =>
        Print(name, await Times(Enumerable.Repeat(path, times), client.GetStringAsync), aim);

    private static void Print(string name, double[] times, string aim)
    {
        Array.Sort(times);
        double At(double share) => times[Math.Min(times.Length - 1, (int)Math.Ceiling(share * times.Length) - 1)];
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {name, -32} median {At(0.5), 6:0.0} ms, p95 {At(0.95), 6:0.0} ms{(aim.Length == 0 ? "" : $" ({aim})")}"
            )
        );
    }

    private static async Task<double[]> Times(IEnumerable<string> items, Func<string, Task> work)
    {
        var times = new List<double>();
        foreach (var item in items)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await work(item);
            times.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
        }

        return [.. times];
    }

    private static long Size(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

    [GeneratedRegex("data-row=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex RowIds();
}
