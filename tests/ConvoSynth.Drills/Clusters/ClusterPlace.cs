using System.Globalization;
using System.Text.Json.Nodes;
using ConvoSynth.Cluster;
using ConvoSynth.Cluster.Clients;
using ConvoSynth.Runs.Campaigns;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Drills;

/// <summary>A Redis, three silos, a folder of runs and a client, all of one drill.</summary>
internal sealed class ClusterPlace : IAsyncDisposable
{
    public const string RunId = "run";
    private const int Silos = 3;

    private readonly Settings _settings;
    private ClusterClient? _client;

    private ClusterPlace(Settings settings, DrillFolder folder, RedisServer redis) =>
        (_settings, Folder, Redis) = (settings, folder, redis);

    public DrillFolder Folder { get; }

    public RedisServer Redis { get; }

    public List<SiloProcess> Alive { get; } = [];

    public RunsRoot Root => new(Folder.At("runs"));

    public string Config => Folder.At("cluster.json");

    public ClusterClient Client => _client!;

    public static async Task<ClusterPlace> Open(Settings settings, DrillFolder folder)
    {
        var place = new ClusterPlace(settings, folder, await RedisServer.Start());
        Directory.CreateDirectory(place.Root.Path);
        var cluster = new JsonObject
        {
            [nameof(ClusterSettings.Redis)] = place.Redis.Address,
            [nameof(ClusterSettings.Runs)] = place.Root.Path,
        };
        await File.WriteAllTextAsync(
            place.Config,
            new JsonObject { ["ConvoSynth"] = new JsonObject { ["Cluster"] = cluster } }.ToJsonString()
        );
        await place.StartAll();
        place._client = await ClusterClient.Connect(
            new ClusterSettings { Redis = place.Redis.Address },
            place.Root,
            logging => logging.SetMinimumLevel(LogLevel.None),
            TimeProvider.System,
            CancellationToken.None
        );
        return place;
    }

    /// <returns>The longest time that a silo took to join.</returns>
    public async Task<TimeSpan> StartAll()
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => SiloProcess.Start(_settings, Config)));
        Alive.AddRange(silos);
        return silos.Max(s => s.Joining);
    }

    public async Task<SiloProcess> StartOne()
    {
        var silo = await SiloProcess.Start(_settings, Config);
        Alive.Add(silo);
        return silo;
    }

    public async Task Kill(SiloProcess silo)
    {
        Alive.Remove(silo);
        await silo.Kill();
    }

    public async Task<SiloProcess> OfCampaign()
    {
        var name = await Client.SiloOf(RunId, CancellationToken.None);
        return Alive.FirstOrDefault(s => s.Name == name) ?? Alive[0];
    }

    public async Task Submit(string spec, int concurrency)
    {
        var ended = await Programs.Run(
            _settings,
            "submit",
            spec,
            "--run",
            RunId,
            "--cluster",
            Config,
            "--no-probe",
            "--concurrency",
            concurrency.ToString(CultureInfo.InvariantCulture)
        );
        if (ended.ExitCode != 0)
            throw new InvalidOperationException(ended.Errors);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Alive)
            await silo.Kill();
        if (_client is not null)
            await _client.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
