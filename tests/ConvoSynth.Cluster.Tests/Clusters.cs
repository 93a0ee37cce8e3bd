namespace ConvoSynth.Cluster.Tests;

/// <summary>Runs on silos that find each other by a real Redis.</summary>
[Collection(nameof(RedisFactAttribute))]
public sealed class Clusters
{
    [RedisFact]
    public async Task Two_silos_write_the_shards_of_one_process_and_close_the_run()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await cluster.Join();
        await cluster.Join();

        var ran = await cluster.Command(cluster.Run("a", 80));

        ran.Code.Should().Be(0, ran.Errors);
        ran.Output.Should().Contain("\"planned\": 80");
        var run = cluster.Root.Run("a");
        cluster.Root.Campaigns("a").Latest()!.End!.Error.Should().BeNull();
        File.Exists(Path.Combine(run.Path, "summary.json")).Should().BeTrue();
        TestCluster.Shards(run).Should().Equal(TestCluster.Shards(await PlayedAlone(cluster)));
    }

    [RedisFact]
    public async Task A_run_goes_on_after_all_its_silos_and_its_client_are_gone()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        var (first, second) = (await cluster.Join(), await cluster.Join());
        var submitted = await Submit(cluster, "a", 200);
        submitted.Code.Should().Be(0, submitted.Errors);
        await Task.WhenAll(first.Stop(), second.Stop());
        cluster.Root.Campaigns("a").Latest()!.End.Should().BeNull("the silos stopped, and the run did not");

        await cluster.Join();

        var watched = await cluster.Command("status", "a", "--watch", "--json");
        watched.Code.Should().Be(0, watched.Errors);
        watched.Output.Should().Contain("\"open\": 0");
    }

    [RedisFact]
    public async Task A_stopped_run_is_resumed_by_a_campaign_of_its_own()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await cluster.Join();
        (await Submit(cluster, "a", 2_000)).Code.Should().Be(0);
        (await cluster.Command("stop", "a")).Code.Should().Be(0);
        (await cluster.Command("status", "a", "--watch", "--json")).Code.Should().Be(130);

        (await cluster.Command("list")).Output.Should().Contain("a: 2000 dialogues").And.Contain("ended at");
        (await Submit(cluster, "a", 2_000)).Errors.Should().Contain("--resume");
        (await Submit(cluster, "a", 2_000, "--resume")).Code.Should().Be(0);

        cluster.Root.Campaigns("a").Latest()!.Number.Should().Be(2);
        (await cluster.Command("stop", "a")).Code.Should().Be(0);
        (await cluster.Command("status", "a", "--watch", "--json")).Code.Should().Be(130);
    }

    [RedisFact]
    public async Task A_drained_silo_leaves_and_the_other_plays_the_run_to_its_end()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        var (leaves, _) = (await cluster.Join(), await cluster.Join());
        (await Submit(cluster, "a", 200)).Code.Should().Be(0);

        var drained = await cluster.Command("drain", await leaves.Joined);

        drained.Code.Should().Be(0, drained.Errors);
        (await leaves.Ended).Should().BeNull();
        (await cluster.Command("status", "a", "--watch", "--json")).Output.Should().Contain("\"open\": 0");
    }

    private static async Task<Runs.Folders.RunFolder> PlayedAlone(TestCluster cluster)
    {
        var alone = cluster.At("alone");
        string[] arguments = [.. cluster.Run("a", 80)];
        arguments[^1] = Path.Combine(alone, "a");
        (await TestCluster.Execute(arguments)).Code.Should().Be(0);
        return new Runs.Campaigns.RunsRoot(alone).Run("a");
    }

    private static Task<(int Code, string Output, string Errors)> Submit(TestCluster cluster, string run, int count, params string[] more)
    {
        var spec = cluster.At($"{run}.yaml");
        File.WriteAllText(spec, $"domains: [library]\nseed: 1\ncount: {count}\npartition_size: 20\n");
        return cluster.Command(["submit", spec, "--packs", RepositoryRoot.At("blueprints"), .. more]);
    }
}
