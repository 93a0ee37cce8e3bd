using ConvoSynth.Cluster.Redis;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Setups;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace ConvoSynth.Cluster.Tests;

/// <summary>What must not happen is refused with one sentence that says what to do.</summary>
[Collection(nameof(RedisFactAttribute))]
public sealed class Refusals
{
    [RedisFact]
    public async Task A_wrong_address_of_Redis_is_named()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);

        (await cluster.Refusal(cluster.Settings with { Redis = "127.0.0.1:1" }))
            .Should()
            .Be("Redis at 127.0.0.1:1 does not answer; start it, or correct ConvoSynth:Cluster:Redis");
    }

    [RedisFact]
    public async Task A_missing_and_a_wrong_password_are_told_apart()
    {
        await using var redis = await RedisServer.Start("--requirepass", "right");
        await using var cluster = new TestCluster(redis);
        const string Variable = "CONVOSYNTH_TEST_REDIS_PASSWORD";
        Environment.SetEnvironmentVariable(Variable, "wrong");
        var settings = cluster.Settings with { PasswordVariable = Variable };

        (await cluster.Refusal()).Should().StartWith($"Redis at {redis.Address} wants a password");
        (await cluster.Refusal(settings))
            .Should()
            .Be($"Redis at {redis.Address} refuses the password in the environment variable {Variable}");
        (await cluster.Refusal(cluster.Settings with { PasswordVariable = "CONVOSYNTH_TEST_UNSET" }))
            .Should()
            .Contain("CONVOSYNTH_TEST_UNSET, which is not set");
    }

    [RedisFact]
    public async Task Two_clusters_of_one_name_are_refused()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await using var other = new TestCluster(redis);
        await cluster.Join();

        (await other.Refusal())
            .Should()
            .Contain($"keeps its runs in {Environment.MachineName}:{cluster.Root.Path}")
            .And.Contain("is no folder of a cluster");
        other.Root.Claim();
        (await other.Refusal()).Should().Contain("is the folder of another cluster");
        (await other.Command("status")).Errors.Should().StartWith("error: the cluster convosynth on Redis");
    }

    [RedisFact]
    public async Task A_silo_and_a_client_of_another_version_are_refused()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address))
            await connection.GetDatabase().StringSetAsync("convosynth/version/convosynth", "0.0.9");

        (await cluster.Refusal()).Should().StartWith("the silos of the cluster convosynth have version 0.0.9, and this program is version");
        (await cluster.Command("status")).Errors.Should().Contain("have version 0.0.9");
    }

    [RedisFact]
    public async Task A_clock_that_is_off_is_told()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        var late = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(2));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address);

        var required = () => new ClusterClaim(connection, cluster.Settings, late).RequireClock();

        (await required.Should().ThrowAsync<ClusterException>())
            .Which.Message.Should()
            .MatchRegex("^the clock of this machine is -1[12][0-9] s off");
    }

    [RedisFact]
    public async Task A_folder_that_is_missing_or_read_only_is_named()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);

        (await cluster.Refusal(root: new("/nowhere/runs"))).Should().StartWith("there is no folder /nowhere/runs");
        if (OperatingSystem.IsLinux())
            (await cluster.Refusal(root: new("/proc/sys"))).Should().Contain("/proc/sys");
    }

    [RedisFact]
    public async Task A_command_without_silos_says_how_to_start_some()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);

        (await cluster.Command("status")).Errors.Should().StartWith("error: no silo of the cluster convosynth runs");
    }

    [RedisFact]
    public async Task A_submission_is_refused_with_the_silo_that_has_another_pack()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await cluster.Join();
        var other = await cluster.Join(OtherPacks(cluster));

        var refused = await cluster.Command(cluster.Run("a", 20));

        refused.Code.Should().Be(1);
        refused.Errors.Should().Contain($"the cluster cannot play a:\n  {await other.Joined}: the pack library in {cluster.At("packs")}");
        cluster.Root.Campaigns("a").Latest().Should().BeNull();
        await other.Stop();
        (await cluster.Command(cluster.Run("a", 20))).Code.Should().Be(0, "the silo that could not play it is gone");
    }

    [RedisFact]
    public async Task A_silo_that_cannot_play_a_run_under_way_does_not_join()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await cluster.Join();
        // An order beside the running silo; what it wants is not there, so that it stays under way.
        (await cluster.Command([.. cluster.Run("a", 20)]))
            .Code.Should()
            .Be(0);
        var order = cluster.Root.Campaigns("a").Latest()!.Order;
        cluster.Root.Campaigns("a").TryBegin(2, order with { Spec = order.Spec with { PackHashes = ["library 0000"] } }).Should().BeTrue();

        (await cluster.Refusal()).Should().StartWith("this silo cannot play the run a, which is under way: the pack library in");
    }

    [RedisFact]
    public async Task Another_spec_under_the_id_of_a_run_is_refused_by_name()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await cluster.Join();
        (await cluster.Command(cluster.Run("a", 20))).Code.Should().Be(0);

        (await cluster.Command(cluster.Run("a", 21, "--resume"))).Errors.Should().Contain("holds another run: its count is 20, not 21");
    }

    private static PackFolders OtherPacks(TestCluster cluster)
    {
        var folder = cluster.At("packs");
        var from = RepositoryRoot.At("blueprints", "library");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, "library", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        File.AppendAllText(Path.Combine(folder, "library", "policy.md"), "\n");
        var personas = Path.Combine(folder, "library", "personas.yaml");
        File.AppendAllText(personas, "# A comment, which changes the hash.\n");
        return new(folder);
    }
}
