using System.Globalization;
using ConvoSynth.Runs.Campaigns;
using StackExchange.Redis;

namespace ConvoSynth.Cluster.Redis;

/// <summary>
/// What Redis and the folder of the runs must agree on before a silo joins: one folder for a cluster, and one version of the program.
/// Without it, two clusters of one name would play each other's runs, or silos of two versions would write one run.
/// </summary>
internal sealed class ClusterClaim(ConnectionMultiplexer redis, ClusterSettings settings, TimeProvider time)
{
    /// <summary>How long after the last silo of a version a silo of another version may start.</summary>
    public static readonly TimeSpan VersionLease = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    // Sets the version and its expiry, unless another version holds the key; returns the version that stands.
    private const string TakeVersion = """
        local held = redis.call('GET', KEYS[1])
        if held and held ~= ARGV[1] then return held end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return ARGV[1]
        """;

    private RedisKey Owner => $"{settings.ServiceId}/root/{settings.ClusterId}";

    private RedisKey Running => $"{settings.ServiceId}/version/{settings.ClusterId}";

    /// <summary>Silos compare times of machines in the membership table.</summary>
    /// <exception cref="ClusterException">This machine's clock is more than 30 s off.</exception>
    public async Task RequireClock()
    {
        var there = await redis.GetServer(redis.GetEndPoints()[0]).TimeAsync();
        var apart = time.GetUtcNow().UtcDateTime - there;
        if (apart.Duration() > ClockTolerance)
            throw new ClusterException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the clock of this machine is {apart.TotalSeconds:0} s off that of Redis at {settings.Redis}, and silos need "
                        + $"clocks within {ClockTolerance.TotalSeconds:0} s; synchronize it"
                )
            );
    }

    /// <summary>Claims the folder for the cluster, or finds that it is the cluster's.</summary>
    /// <exception cref="ClusterException">The cluster has another folder, or the folder another cluster.</exception>
    public async Task RequireRoot(RunsRoot root, bool claims)
    {
        var database = redis.GetDatabase();
        var inRedis = Parse(await database.StringGetAsync(Owner));
        var inRoot = root.Identity();
        if (inRedis is null && claims)
        {
            inRoot = root.Claim();
            await database.StringSetAsync(Owner, $"{inRoot} {Environment.MachineName}:{root.Path}", when: When.NotExists);
            inRedis = Parse(await database.StringGetAsync(Owner));
        }

        if (inRedis is not var (id, place))
            throw NotRunning();
        if (inRoot != id)
            throw new ClusterException(
                $"the cluster {settings.ClusterId} on Redis at {settings.Redis} keeps its runs in {place}, and {root.Path} is "
                    + $"{(inRoot is null ? "no folder of a cluster" : "the folder of another cluster")}; name that folder with --runs, or "
                    + "give this cluster a name of its own in Orleans:ClusterId "
                    + $"(if {place} is gone for good, delete the key {Owner} in Redis)"
            );
    }

    /// <summary>Keeps the cluster for this version for another <see cref="VersionLease"/>.</summary>
    /// <exception cref="ClusterException">Silos of another version run.</exception>
    public async Task RequireVersion()
    {
        var stands = (string?)
            await redis
                .GetDatabase()
                .ScriptEvaluateAsync(TakeVersion, [Running], [ClusterSettings.Version, (long)VersionLease.TotalMilliseconds]);
        if (stands != ClusterSettings.Version)
            throw OtherVersion(stands);
    }

    /// <exception cref="ClusterException">No silo runs, or silos of another version do.</exception>
    public async Task RequireSilos()
    {
        var stands = (string?)await redis.GetDatabase().StringGetAsync(Running);
        if (stands is null)
            throw NotRunning();
        if (stands != ClusterSettings.Version)
            throw OtherVersion(stands);
    }

    private ClusterException NotRunning() =>
        new(
            $"no silo of the cluster {settings.ClusterId} runs (by Redis at {settings.Redis}); start some with "
                + "convosynth silo --runs ROOT --config FILE"
        );

    private ClusterException OtherVersion(string? running) =>
        new(
            $"the silos of the cluster {settings.ClusterId} have version {running}, and this program is version "
                + $"{ClusterSettings.Version}; use that version, or stop its silos first"
        );

    private static (string Id, string Place)? Parse(string? text) => text?.Split(' ', 2) is [var id, var place] ? (id, place) : null;
}
