using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Drills;

/// <summary>A run that is killed and resumed repeatedly, compared with an undisturbed run.</summary>
internal static class KillDrill
{
    public static async Task<bool> Run(Settings settings)
    {
        var (count, concurrency) = (settings.Count ?? 3_000, settings.Concurrency ?? 400);
        using var folder = new DrillFolder();
        var (calmLog, log) = (folder.At("calm.jsonl"), folder.At("killed.jsonl"));
        string[] Arguments(string url, bool resume) =>
            [
                "generate",
                "--spec",
                folder.Spec(url),
                "--count",
                $"{count}",
                "--concurrency",
                $"{concurrency}",
                "--partition-size",
                "500",
                "--fault-rate",
                "0.2",
                "--out",
                folder.At("run"),
                "--no-probe",
                .. resume ? (string[])["--resume"] : [],
            ];

        Ended calm;
        await using (var endpoint = await EndpointProcess.Start(settings, "--latency", "0.3", "--latency-sigma", "0.4", "--log", calmLog))
            calm = await Programs.Run(settings, Arguments(endpoint.Url, resume: false));
        if (calm.ExitCode != 0)
            throw new InvalidOperationException(calm.Errors);
        var (rows, shards) = (Rows.Of(folder.At("run")), Rows.Shards(folder.At("run")));
        Directory.Move(folder.At("run"), folder.At("calm"));

        // The time of the kill: after the run has begun to work, and before it can have ended.
        var random = new Seed((ulong)settings.Seed).Random();
        var kills = new List<(double At, HashSet<string> Durable)>();
        await using (var endpoint = await EndpointProcess.Start(settings, "--latency", "0.3", "--latency-sigma", "0.4", "--log", log))
        {
            while (kills.Count < settings.Kills)
            {
                var before = (await endpoint.Stats()).GetProperty("requests").GetInt64();
                using var process = Programs.Start(settings, Arguments(endpoint.Url, resume: kills.Count > 0), quiet: true);
                while ((await endpoint.Stats()).GetProperty("requests").GetInt64() == before && !process.HasExited)
                    await Wall.Wait(20);
                await Wall.Wait(random.Between(50, 2_500));
                if (process.HasExited)
                    break;
                process.Kill();
                await process.WaitForExitAsync();
                kills.Add(((await endpoint.Stats()).GetProperty("seconds").GetDouble(), Durable(folder.At("run"))));
            }

            var end = await Programs.Run(settings, Arguments(endpoint.Url, resume: Directory.Exists(folder.At("run"))));
            if (end.ExitCode != 0)
                throw new InvalidOperationException(end.Errors);
        }

        var (killedRows, killedShards) = (Rows.Of(folder.At("run")), Rows.Shards(folder.At("run")));
        var ids = killedRows.Select(r => r.Split(' ')[0]).ToArray();
        var calls = LoggedRequest.Read(calmLog).Count();
        var requests = LoggedRequest.Read(log).ToArray();
        // Only calls sent before a kill and without a durable answer at that moment may be made again.
        var lost = 0L;
        var paidTwice = 0L;
        foreach (var (key, ofCall) in requests.GroupBy(r => r.Key).Select(g => (g.Key, g.Select(r => r.At).Order().ToArray())))
        {
            lost += kills.Count(k => !k.Durable.Contains(key) && ofCall.Any(at => at <= k.At && at > Before(kills, k.At)));
            var first = kills.FindIndex(k => k.Durable.Contains(key));
            if (first >= 0)
                paidTwice += ofCall.Count(at => at > kills[first].At);
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} dialogues, {concurrency} in flight, killed {kills.Count} times of {settings.Kills} (seed "
                    + $"{settings.Seed}): rows {(killedRows.SequenceEqual(rows) ? "the same" : "NOT the same")} as undisturbed "
                    + $"({killedRows.Count}), shards {(killedShards.SequenceEqual(shards) ? "the same bytes" : "NOT the same bytes")}, "
                    + $"ids twice {ids.Length - ids.Distinct().Count()}, missing {rows.Select(r => r.Split(' ')[0]).Except(ids).Count()}"
            )
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  calls: undisturbed {calls}, killed {requests.Length}, so {requests.Length - calls} more; "
                    + $"sent and not durable at the kills {lost} (the most that there may be more); "
                    + $"asked for although durable {paidTwice}"
            )
        );
        // A run that ended before all kills shows less than was asked: it needs more dialogues or fewer kills.
        return kills.Count == settings.Kills
            && killedRows.SequenceEqual(rows)
            && ids.Length == ids.Distinct().Count()
            && requests.Length <= calls + lost
            && paidTwice == 0;
    }

    internal static double Before(List<(double At, HashSet<string> Durable)> kills, double at) =>
        kills.Select(k => k.At).Where(k => k < at).DefaultIfEmpty(0).Max();

    // The calls whose answers the run's journals hold, with keys as in the endpoint's log.
    private static HashSet<string> Durable(string run) => Durable(new RunFolder(new DiskStorage(), run));

    internal static HashSet<string> Durable(RunFolder folder)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var partition in PartitionJournal.Partitions(folder))
        {
            using var journal = PartitionJournal.Read(
                folder,
                partition,
                (key, _) =>
                {
                    var parts = key.Split('/', 6);
                    keys.Add($"{parts[1]}/{parts[2]}/{parts[3]}/{parts[4]}/{(parts.Length > 5 ? parts[5] : "")}");
                }
            );
        }

        return keys;
    }
}
