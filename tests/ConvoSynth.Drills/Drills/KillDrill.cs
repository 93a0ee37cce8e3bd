using System.Globalization;
using ConvoSynth.Core;

namespace ConvoSynth.Drills;

/// <summary>A run that is killed again and again and gone on with, against one that nobody disturbed.</summary>
internal static class KillDrill
{
    public static async Task<bool> Run(Settings settings)
    {
        var (count, concurrency) = (settings.Count ?? 3_000, settings.Concurrency ?? 400);
        using var folder = new DrillFolder();
        var (calmLog, log) = (folder.At("calm.jsonl"), folder.At("killed.jsonl"));
        string[] Arguments(string url, bool resume) =>
            ["generate", "--spec", folder.Spec(url), "--count", $"{count}", "--concurrency", $"{concurrency}", "--partition-size", "500", "--fault-rate", "0.2", "--out", folder.At("run"), "--no-probe", .. resume ? (string[])["--resume"] : []];

        Ended calm;
        await using (var endpoint = await EndpointProcess.Start(settings, "--latency", "0.3", "--latency-sigma", "0.4", "--log", calmLog)) calm = await Programs.Run(settings, Arguments(endpoint.Url, resume: false));
        if (calm.ExitCode != 0) throw new InvalidOperationException(calm.Errors);
        var (rows, shards) = (Rows.Of(folder.At("run")), Rows.Shards(folder.At("run")));
        Directory.Move(folder.At("run"), folder.At("calm"));

        // When it is killed: after it has begun to work, before it can have ended.
        var random = new Seed((ulong)settings.Seed).Random();
        var inFlight = 0L;
        var kills = 0;
        await using (var endpoint = await EndpointProcess.Start(settings, "--latency", "0.3", "--latency-sigma", "0.4", "--log", log))
        {
            for (; kills < settings.Kills; kills++)
            {
                var before = (await endpoint.Stats()).GetProperty("requests").GetInt64();
                using var process = Programs.Start(settings, Arguments(endpoint.Url, resume: kills > 0), quiet: true);
                while ((await endpoint.Stats()).GetProperty("requests").GetInt64() == before && !process.HasExited) await Wall.Wait(20);
                await Wall.Wait(random.Between(50, 2_500));
                if (process.HasExited) break;
                process.Kill();
                // Those that it had sent: the endpoint does not know yet that nobody waits for them.
                inFlight += (await endpoint.Stats()).GetProperty("in_flight").GetInt64();
                await process.WaitForExitAsync();
            }

            var end = await Programs.Run(settings, Arguments(endpoint.Url, resume: Directory.Exists(folder.At("run"))));
            if (end.ExitCode != 0) throw new InvalidOperationException(end.Errors);
        }

        var (killedRows, killedShards) = (Rows.Of(folder.At("run")), Rows.Shards(folder.At("run")));
        var ids = killedRows.Select(r => r.Split(' ')[0]).ToArray();
        var calls = LoggedRequest.Read(calmLog).Count();
        var requests = LoggedRequest.Read(log).ToArray();
        var again = requests.Length - requests.Select(r => r.Key).Distinct().Count();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count} dialogues, {concurrency} in flight, killed {kills} times (seed {settings.Seed}): rows {(killedRows.SequenceEqual(rows) ? "the same" : "NOT the same")} as undisturbed ({killedRows.Count}), shards {(killedShards.SequenceEqual(shards) ? "the same bytes" : "NOT the same bytes")}, ids twice {ids.Length - ids.Distinct().Count()}, missing {rows.Select(r => r.Split(' ')[0]).Except(ids).Count()}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  calls: undisturbed {calls}, killed {requests.Length}, of them made again {again}; in flight at the kills {inFlight} (at most as many may be made again)"));
        return killedRows.SequenceEqual(rows) && ids.Length == ids.Distinct().Count() && requests.Length <= calls + inFlight;
    }
}
