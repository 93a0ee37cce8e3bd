using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.FakeOpenAI;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;

namespace ConvoSynth.Cluster.Tests;

/// <summary>Each silo calls the endpoints of a run with keys of its own before it takes work.</summary>
[Collection(nameof(RedisFactAttribute))]
public sealed class Keys
{
    private const string Variable = "CONVOSYNTH_TEST_MODEL_KEY";

    [RedisFact]
    public async Task A_silo_joins_a_run_under_way_with_a_right_key_and_is_kept_out_with_a_wrong_one()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await using var server = await Serve();
        Environment.SetEnvironmentVariable(Variable, "right");
        await cluster.Join();
        var submitted = await cluster.Command("submit", Spec(cluster, server), "--run", "a", "--packs", RepositoryRoot.At("blueprints"));
        submitted.Code.Should().Be(0, submitted.Errors);

        Environment.SetEnvironmentVariable(Variable, "wrong");
        (await cluster.Refusal()).Should().StartWith("this silo cannot play the run a, which is under way: ").And.Contain("key");
        Environment.SetEnvironmentVariable(Variable, "right");
        await cluster.Join();

        cluster.Root.Campaigns("a").Latest()!.End.Should().BeNull("the run was under way all the time");
        (await cluster.Command("stop", "a")).Code.Should().Be(0);
        (await cluster.Command("status", "a", "--watch", "--json")).Code.Should().Be(130);
    }

    private static Task<EndpointServer> Serve()
    {
        var pack = LoadedPack.Of(PackLoading.Load(RepositoryRoot.At("blueprints", "library")));
        return EndpointServer.Start(new() { Key = "right", Latency = 1 }, (_, _) => pack, [], TimeProvider.System, CancellationToken.None);
    }

    private static string Spec(TestCluster cluster, EndpointServer server)
    {
        var path = cluster.At("spec.yaml");
        File.WriteAllText(
            path,
            $$"""
            domains: [library]
            count: 200
            concurrency: 4
            seed: 1
            endpoints:
              - name: rehearsal
                provider: openai-compatible
                url: {{server.Url}}v1
                model: rehearsal
                rehearsal: true
                key_variable: {{Variable}}
                max_output_tokens: 512
            roles: {human: rehearsal, agent: rehearsal}
            """
        );
        return path;
    }
}
