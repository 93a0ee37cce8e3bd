using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Drills;

/// <summary>
/// One run on three silos again and again, each time disturbed in another way, and compared with the same run in one undisturbed process.
/// </summary>
internal static class ClusterDrill
{
    private const string Latency = "1";
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(20);

    private static readonly (string Name, Func<ClusterPlace, Progress, Settings, Task<string>> Disturb)[] Disturbances =
    [
        ("undisturbed", (_, _, _) => Task.FromResult("")),
        ("killed silos", KillSilos),
        ("killed client", KillClient),
        ("Redis away for 10 s", StopRedis),
        ("a silo asleep for 30 s", SleepOne),
        ("all silos killed at once", KillAll),
    ];

    public static async Task<bool> Run(Settings settings)
    {
        if (RedisServer.Program is null)
        {
            Console.WriteLine("skipped: redis-server is not installed");
            return true;
        }

        var (count, concurrency) = (settings.Count ?? 400, settings.Concurrency ?? 100);
        using var folder = new DrillFolder();
        var calmLog = folder.At("calm.jsonl");
        await using (var endpoint = await Endpoint(settings, calmLog))
        {
            var calm = await Programs.Run(
                settings,
                [
                    "generate",
                    "--spec",
                    Spec(folder, endpoint.Url, count),
                    "--no-probe",
                    "--concurrency",
                    $"{concurrency}",
                    "--out",
                    folder.At("run"),
                ]
            );
            if (calm.ExitCode != 0)
                throw new InvalidOperationException(calm.Errors);
            Console.WriteLine(
                Text($"{count} dialogues, {concurrency} at once: {calm.Wall.TotalSeconds:0} s, {calm.Cpu.TotalSeconds:0} s CPU alone")
            );
        }

        var expected = new Expected(
            Rows.Of(folder.At("run")),
            Rows.Shards(folder.At("run")),
            LoggedRequest.Read(calmLog).Count(),
            concurrency
        );
        var isMet = true;
        foreach (var (name, disturb) in Disturbances)
            isMet &= await Disturbed(settings, name, disturb, expected);
        return isMet;
    }

    private static async Task<bool> Disturbed(
        Settings settings,
        string name,
        Func<ClusterPlace, Progress, Settings, Task<string>> disturb,
        Expected expected
    )
    {
        using var folder = new DrillFolder();
        var log = folder.At("requests.jsonl");
        string told;
        TimeSpan wall;
        Progress progress;
        double cpu;
        await using (var endpoint = await Endpoint(settings, log))
        await using (var place = await ClusterPlace.Open(settings, folder))
        {
            progress = new(place);
            await place.Submit(Spec(folder, endpoint.Url, settings.Count ?? 400), settings.Concurrency ?? 100);
            var began = Wall.Timestamp;
            var watching = progress.Watch();
            told = await disturb(place, progress, settings);
            await watching;
            wall = Wall.Since(began);
            cpu = place.Alive.Sum(s => s.Cpu.TotalSeconds);
        }

        var run = Path.Combine(folder.At("runs"), ClusterPlace.RunId);
        var (rows, shards) = (Rows.Of(run), Rows.Shards(run));
        var isSound = !RunManifest.Read(new RunFolder(new DiskStorage(), run)).Verify(new RunFolder(new DiskStorage(), run)).Any();
        var ids = rows.Select(r => r.Split(' ')[0]).ToArray();
        var more = LoggedRequest.Read(log).Count() - expected.Calls;
        var missing = expected.Rows.Select(r => r.Split(' ')[0]).Except(ids).Count();
        var isMet = rows.SequenceEqual(expected.Rows) && shards.SequenceEqual(expected.Shards) && isSound && missing == 0;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {wall.TotalSeconds:0} s, {cpu:0} s CPU of living silos; "
                    + $"rows {(rows.SequenceEqual(expected.Rows) ? "the same" : "NOT the same")} "
                    + $"({rows.Count}), "
                    + $"shards {(shards.SequenceEqual(expected.Shards) && isSound ? "the same bytes" : "NOT the same bytes")}, "
                    + $"twice {ids.Length - ids.Distinct().Count()}, missing {missing}; {more} calls more than undisturbed; "
                    + $"longest without a new row {progress.Longest.TotalSeconds:0.0} s{told}"
            )
        );
        return isMet;
    }

    private sealed record Expected(IReadOnlyList<string> Rows, IReadOnlyList<string> Shards, int Calls, int Concurrency);

    private static async Task<string> KillSilos(ClusterPlace place, Progress progress, Settings settings)
    {
        var random = new Seed((ulong)settings.Seed).Random();
        var kills = settings.ClusterKills;
        var ofCampaign = 0;
        var done = 0;
        await UntilRows(place, progress, 20);
        for (; done < kills && !HasEnded(place); done++)
        {
            // Every second kill hits the silo of the campaign, which has partitions with commits by then.
            var ofCampaignNow = await place.OfCampaign();
            var victim = done % 2 == 0 ? ofCampaignNow : place.Alive[random.Next(place.Alive.Count)];
            ofCampaign += victim == ofCampaignNow ? 1 : 0;
            await place.Kill(victim);
            await place.StartOne();
            var until = Wall.Timestamp;
            while (Wall.Since(until) < BetweenKills && !HasEnded(place))
                await Wall.Wait(200);
        }

        return $"; {done} kills, {ofCampaign} of the campaign's silo";
    }

    private static async Task<string> KillClient(ClusterPlace place, Progress progress, Settings settings)
    {
        using var client = Programs.Start(settings, ["status", ClusterPlace.RunId, "--watch", "--cluster", place.Config], quiet: true);
        await UntilRows(place, progress, 20);
        client.Kill();
        await client.WaitForExitAsync();
        return "";
    }

    private static async Task<string> StopRedis(ClusterPlace place, Progress progress, Settings settings)
    {
        await UntilRows(place, progress, 20);
        await place.Redis.Stop();
        await Wall.Wait(10_000);
        await place.Redis.Start();
        return "";
    }

    private static async Task<string> SleepOne(ClusterPlace place, Progress progress, Settings settings)
    {
        await UntilRows(place, progress, 20);
        var silo = await place.OfCampaign();
        await silo.Sleep();
        await Wall.Wait(30_000);
        await silo.Wake();
        var woken = Wall.Timestamp;
        while (!silo.HasEnded && Wall.Since(woken) < TimeSpan.FromSeconds(20))
            await Wall.Wait(200);
        return silo.HasEnded ? $"; the woken silo left: {silo.LastError}" : "; the woken silo stayed";
    }

    private static async Task<string> KillAll(ClusterPlace place, Progress progress, Settings settings)
    {
        await UntilRows(place, progress, 20);
        foreach (var silo in place.Alive.ToArray())
            await place.Kill(silo);
        var joined = await place.StartAll();
        return Text($"; the slowest of the new silos joined after {joined.TotalSeconds:0.0} s");
    }

    private static async Task UntilRows(ClusterPlace place, Progress progress, long rows)
    {
        while (progress.Rows < rows && !HasEnded(place))
            await Wall.Wait(200);
    }

    private static bool HasEnded(ClusterPlace place) => place.Root.Campaigns(ClusterPlace.RunId).Latest() is { End: not null };

    private static Task<EndpointProcess> Endpoint(Settings settings, string log) =>
        EndpointProcess.Start(settings, "--latency", Latency, "--latency-sigma", "0.4", "--log", log);

    private static string Spec(DrillFolder folder, string url, int count) =>
        folder.Spec(url, $"count: {count}\nfault_rate: 0.2\npartition_size: 40");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
