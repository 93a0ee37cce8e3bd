using System.Globalization;
using Azure.Storage.Blobs;
using ConvoSynth.Core;
using ConvoSynth.ObjectStorage;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Drills;

/// <summary>
/// One run on a disk, and the same in object stores: undisturbed, and killed in its middle and resumed. Rows and shards are compared.
/// </summary>
internal static class ObjectDrill
{
    private const int MaxKills = 3;

    private sealed record Place(string Name, string Address, Func<int> Requests);

    private sealed record Expected(IReadOnlyList<string> Rows, IReadOnlyList<string> Shards, int Calls);

    public static async Task<bool> Run(Settings settings)
    {
        if (!AzuriteServer.IsInstalled || !S3Server.IsInstalled)
        {
            Console.WriteLine("skipped: Azurite and s3rver are not installed (npm ci --prefix tests/interop)");
            return true;
        }

        using var azurite = await AzuriteServer.Start();
        using var s3 = await S3Server.Start();
        Environment.SetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString);
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", s3.Endpoint);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", S3Server.Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.Key);
        await new BlobServiceClient(azurite.ConnectionString).CreateBlobContainerAsync("runs");
        using var folder = new DrillFolder();
        var disk = new Place("disk", folder.At("run"), () => 0);
        var (calls, wall) = await Undisturbed(settings, folder, disk);
        var expected = new Expected(Rows.Of(folder.At("run")), Rows.Shards(folder.At("run")), calls);
        Console.WriteLine(Text($"{expected.Rows.Count} rows, {calls} calls; disk: {wall.TotalSeconds:0.0} s"));
        var isMet = true;
        foreach (
            var place in (Place[])
                [
                    new("Azurite", $"az://{AzuriteServer.Account}/runs/undisturbed/run", () => azurite.Requests),
                    new("s3rver behind the proxy", $"s3://{S3Server.Bucket}/undisturbed/run", () => s3.Requests),
                ]
        )
        {
            var before = place.Requests();
            var (again, spent) = await Undisturbed(settings, folder, place);
            isMet &= Compared(
                place,
                expected,
                Text($"{spent.TotalSeconds:0.0} s, {place.Requests() - before} requests, {again - calls} calls more")
            );
            isMet &= await Killed(settings, folder, place with { Address = place.Address.Replace("undisturbed", "killed") }, expected);
        }

        return isMet;
    }

    private static async Task<(int Calls, TimeSpan Wall)> Undisturbed(Settings settings, DrillFolder folder, Place place)
    {
        var log = folder.At($"{Path.GetRandomFileName()}.jsonl");
        Ended ended;
        await using (var endpoint = await Endpoint(settings, log))
            ended = await Programs.Run(settings, Arguments(settings, folder, endpoint, place, resume: false));
        return ended.ExitCode == 0
            ? (LoggedRequest.Read(log).Count(), ended.Wall)
            : throw new InvalidOperationException($"{place.Name}: {ended.Errors}");
    }

    private static async Task<bool> Killed(Settings settings, DrillFolder folder, Place place, Expected expected)
    {
        var random = new Seed((ulong)settings.Seed).Random();
        var log = folder.At($"{Path.GetRandomFileName()}.jsonl");
        var kills = new List<(double At, HashSet<string> Durable)>();
        var began = Wall.Timestamp;
        var (wanted, before) = (Math.Min(settings.Kills, MaxKills), place.Requests());
        await using (var endpoint = await Endpoint(settings, log))
        {
            // Each kill comes after another part of the calls.
            while (kills.Count < wanted)
            {
                using var process = Programs.Start(settings, Arguments(settings, folder, endpoint, place, kills.Count > 0), quiet: true);
                var from = expected.Calls * (kills.Count + 1) / (wanted + 1);
                while ((await endpoint.Stats()).GetProperty("requests").GetInt64() < from && !process.HasExited)
                    await Wall.Wait(20);
                await Wall.Wait(random.Between(50, 1_000));
                if (process.HasExited)
                    break;
                process.Kill();
                await process.WaitForExitAsync();
                var at = (await endpoint.Stats()).GetProperty("seconds").GetDouble();
                kills.Add((at, KillDrill.Durable(ObjectPlaces.Of(place.Address).Folder)));
            }

            var end = await Programs.Run(settings, Arguments(settings, folder, endpoint, place, resume: true));
            if (end.ExitCode != 0)
                throw new InvalidOperationException($"{place.Name}: {end.Errors}");
        }

        var requests = LoggedRequest.Read(log).ToArray();
        var byKey = requests.GroupBy(r => r.Key).Select(g => (g.Key, At: g.Select(r => r.At).ToArray())).ToArray();
        // Only calls that were sent before a kill, and whose answers were not durable then, may be made again.
        var lost = byKey.Sum(c =>
            kills.Count(k => !k.Durable.Contains(c.Key) && c.At.Any(at => at <= k.At && at > KillDrill.Before(kills, k.At)))
        );
        var paidTwice = byKey.Sum(c =>
            kills.FindIndex(k => k.Durable.Contains(c.Key)) is >= 0 and var i ? c.At.Count(at => at > kills[i].At) : 0
        );
        return Compared(
                place,
                expected,
                Text($"killed {kills.Count} times, {Wall.Since(began).TotalSeconds:0.0} s, {place.Requests() - before} requests, ")
                    + Text($"{requests.Length - expected.Calls} calls more, ")
                    + Text($"{lost} not durable at the kills, {paidTwice} asked for although durable")
            )
            && kills.Count == wanted
            && paidTwice == 0
            && requests.Length - expected.Calls <= lost;
    }

    private static bool Compared(Place place, Expected expected, string told)
    {
        var run = ObjectPlaces.Of(place.Address).Folder;
        var (rows, shards) = (Rows.Of(run), Rows.Shards(run));
        var ids = rows.Select(r => r.Split(' ')[0]).ToArray();
        var isSound = !RunManifest.Read(run).Verify(run).Any();
        var isMet = rows.SequenceEqual(expected.Rows) && shards.SequenceEqual(expected.Shards) && isSound;
        Console.WriteLine(
            $"{place.Name}: {told}; rows {(rows.SequenceEqual(expected.Rows) ? "the same" : "NOT the same")}, shards "
                + $"{(shards.SequenceEqual(expected.Shards) && isSound ? "the same bytes" : "NOT the same bytes")}, "
                + Text($"twice {ids.Length - ids.Distinct().Count()}, ")
                + Text($"missing {expected.Rows.Select(r => r.Split(' ')[0]).Except(ids).Count()}")
        );
        return isMet;
    }

    private static Task<EndpointProcess> Endpoint(Settings settings, string log) =>
        EndpointProcess.Start(settings, "--latency", "0.3", "--latency-sigma", "0.4", "--log", log);

    private static string[] Arguments(Settings settings, DrillFolder folder, EndpointProcess endpoint, Place place, bool resume) =>
        [
            "generate",
            "--spec",
            folder.Spec(endpoint.Url),
            "--count",
            $"{settings.Count ?? 3_000}",
            "--concurrency",
            $"{settings.Concurrency ?? 400}",
            "--partition-size",
            "500",
            "--fault-rate",
            "0.2",
            "--out",
            place.Address,
            "--no-probe",
            .. resume ? (string[])["--resume"] : [],
        ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
