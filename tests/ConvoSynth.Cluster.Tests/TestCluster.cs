using System.CommandLine;
using System.Text.Json.Nodes;
using ConvoSynth.Cli.Commands;
using ConvoSynth.Cluster.Silos;
using ConvoSynth.ObjectStorage;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cluster.Tests;

/// <summary>A folder of runs and a configuration, with silos in this process, each with a host of its own.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-cluster-");
    private readonly RedisServer _redis;
    private readonly List<TestSilo> _silos = [];

    /// <param name="runs">The address of the runs in an object store; null for a folder.</param>
    public TestCluster(RedisServer redis, string? runs = null)
    {
        _redis = redis;
        var place = runs is null ? null : ObjectPlaces.Of(runs);
        Root = place is null ? new(At("runs")) : new(place.Storage, place.Path);
        if (runs is null)
            Directory.CreateDirectory(Root.Path);
        var settings = new JsonObject { ["Redis"] = redis.Address, ["Runs"] = Root.Path };
        File.WriteAllText(Config, new JsonObject { ["ConvoSynth"] = new JsonObject { ["Cluster"] = settings } }.ToJsonString());
    }

    public string Config => At("cluster.json");

    public RunsRoot Root { get; }

    public ClusterSettings Settings => new() { Redis = _redis.Address };

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A silo that has joined.</summary>
    public Task<TestSilo> Join(PackFolders? packs = null) => Join(Settings, packs);

    public async Task<TestSilo> Join(ClusterSettings settings, PackFolders? packs = null)
    {
        var silo = new TestSilo(new(settings, Root, packs ?? Shipped, TimeProvider.System));
        _silos.Add(silo);
        await silo.Joined.WaitAsync(Patience);
        return silo;
    }

    /// <summary>What a silo says that may not join.</summary>
    public async Task<string> Refusal(ClusterSettings? settings = null, RunsRoot? root = null, TimeProvider? time = null)
    {
        var silo = new TestSilo(new(settings ?? Settings, root ?? Root, Shipped, time ?? TimeProvider.System));
        _silos.Add(silo);
        var refused = async () => await silo.Joined.WaitAsync(Patience);
        var thrown = await refused.Should().ThrowAsync<Exception>();
        thrown.Which.Should().Match(e => e is ClusterException || e is Runs.ShardException);
        return thrown.Which.Message;
    }

    /// <summary>Runs the program's command line in this process.</summary>
    /// <returns>The exit code, and what it wrote.</returns>
    public Task<(int Code, string Output, string Errors)> Command(params string[] arguments) =>
        Execute([.. arguments, "--cluster", Config]);

    /// <summary>As <see cref="Command"/>, without the cluster.</summary>
    public static async Task<(int Code, string Output, string Errors)> Execute(params string[] arguments)
    {
        var root = new RootCommand();
        root.Options.Add(CommandErrors.Trace);
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        var (before, beforeErrors) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Console.SetOut(output);
        Console.SetError(errors);
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            var code = await root.Parse(arguments).InvokeAsync(cancellationToken: limit.Token);
            return (code, output.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(beforeErrors);
        }
    }

    /// <summary>The options of a run of the rehearsal model.</summary>
    public string[] Run(string id, int count, params string[] more) =>
        [
            "generate",
            "--domain",
            "library",
            "--count",
            $"{count}",
            "--partition-size",
            "20",
            "--fault-rate",
            "0.2",
            "--packs",
            RepositoryRoot.At("blueprints"),
            "--json",
            "--out",
            Path.Combine(Root.Path, id),
            .. more,
        ];

    /// <summary>File name without its owner, and hash of every committed shard.</summary>
    public static IReadOnlyList<string> Shards(RunFolder run) =>
        [
            .. RunManifest
                .Read(run)
                .Commits.SelectMany(c => c.Shards())
                .Select(s => $"{RunFolder.PlainName(s.Shard.File)} {s.Shard.Rows} {s.Shard.Sha256}")
                .Order(StringComparer.Ordinal),
        ];

    public static PackFolders Shipped => new(RepositoryRoot.At("blueprints"));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
            await silo.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>A silo in this process.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly TaskCompletionSource<string> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();

    public TestSilo(ClusterSilo silo) => Ended = Run(silo);

    /// <summary>The silo's name; faulted if it may not join.</summary>
    public Task<string> Joined => _joined.Task;

    /// <summary>Completes with why the silo had to leave; null if it was stopped or drained.</summary>
    public Task<string?> Ended { get; }

    public Task Stop()
    {
        _stop.Cancel();
        return Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private async Task<string?> Run(ClusterSilo silo)
    {
        await Task.Yield();
        try
        {
            await silo.Run(_joined.SetResult, _stop.Token);
            return null;
        }
        catch (Exception e)
        {
            _joined.TrySetException(e);
            return e.Message;
        }
    }
}
