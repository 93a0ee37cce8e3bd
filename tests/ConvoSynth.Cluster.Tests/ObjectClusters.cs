using Azure.Storage.Blobs;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Cluster.Tests;

/// <summary>Silos whose runs are in an object store.</summary>
[Collection(nameof(RedisFactAttribute))]
public sealed class ObjectClusters
{
    [ObjectFact]
    public async Task Silos_come_to_the_shards_of_one_process_though_all_of_them_are_replaced()
    {
        using var azurite = await AzuriteServer.Start();
        Environment.SetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString);
        await new BlobServiceClient(azurite.ConnectionString).CreateBlobContainerAsync("runs");
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis, $"az://{AzuriteServer.Account}/runs/cluster");
        var (first, second) = (await cluster.Join(), await cluster.Join());
        var spec = cluster.At("a.yaml");
        await File.WriteAllTextAsync(spec, "domains: [library]\nseed: 1\ncount: 200\npartition_size: 20\n");
        string[] packs = ["--packs", RepositoryRoot.At("blueprints")];
        var submitted = await cluster.Command(["submit", spec, .. packs]);
        submitted.Code.Should().Be(0, submitted.Errors);
        (await cluster.Command("list")).Output.Should().Contain("a: 200 dialogues");
        await Task.WhenAll(first.Stop(), second.Stop());
        cluster.Root.Campaigns("a").Latest()!.End.Should().BeNull("the silos stopped, and the run did not");

        await cluster.Join();

        var watched = await cluster.Command("status", "a", "--watch", "--json");
        watched.Code.Should().Be(0, watched.Errors);
        watched.Output.Should().Contain("\"open\": 0");
        var alone = cluster.At(Path.Combine("alone", "a"));
        (await TestCluster.Execute(["generate", "--spec", spec, .. packs, "--out", alone])).Code.Should().Be(0);
        TestCluster.Shards(cluster.Root.Run("a")).Should().Equal(TestCluster.Shards(RunPlace.OnDisk(alone).Folder));
    }

    [ObjectFact]
    public async Task A_container_that_is_not_there_is_told()
    {
        using var azurite = await AzuriteServer.Start();
        Environment.SetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString);
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis, $"az://{AzuriteServer.Account}/missing");

        (await cluster.Refusal()).Should().StartWith("there is no folder az://convosynth/missing for the runs");
    }
}

/// <summary>A test that needs redis-server and Azurite; skipped on a machine without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ObjectFactAttribute : FactAttribute
{
    public ObjectFactAttribute()
    {
        if (RedisServer.Program is null || !AzuriteServer.IsInstalled)
            Skip = "redis-server or Azurite is not installed (apt-get install redis-server, npm ci --prefix tests/interop)";
    }
}
