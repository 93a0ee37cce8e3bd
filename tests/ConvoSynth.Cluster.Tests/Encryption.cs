using System.Text.Json.Nodes;

namespace ConvoSynth.Cluster.Tests;

/// <summary>TLS to Redis, and between silos and clients.</summary>
[Collection(nameof(RedisFactAttribute))]
public sealed class Encryption
{
    [RedisFact]
    public async Task A_silo_joins_over_tls_by_the_authority_of_redis_alone()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        await using var redis = await RedisServer.StartWithTls(authority.Certificate, authority.Key, authority.AuthorityFile);
        await using var cluster = new TestCluster(redis);
        var encrypted = cluster.Settings with { Tls = true };

        (await cluster.Refusal(encrypted)).Should().StartWith($"Redis at {redis.Address} has no certificate that this machine trusts");
        (await cluster.Refusal(encrypted with { CertificateAuthority = other.AuthorityFile }))
            .Should()
            .StartWith($"Redis at {redis.Address} has no certificate that this machine trusts");
        (await cluster.Join(encrypted with { CertificateAuthority = authority.AuthorityFile }))
            .Joined.IsCompletedSuccessfully.Should()
            .BeTrue();
    }

    [RedisFact]
    public async Task Silos_and_clients_of_one_authority_play_a_run_over_tls()
    {
        using var authority = new TestAuthority();
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        Secure(cluster, authority);
        var settings = WithCertificate(cluster, authority);
        await cluster.Join(settings);
        await cluster.Join(settings);

        var ran = await cluster.Command(cluster.Run("a", 40));

        ran.Code.Should().Be(0, ran.Errors);
        ran.Output.Should().Contain("\"planned\": 40");
    }

    [RedisFact]
    public async Task A_certificate_of_another_authority_is_refused_before_the_join()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        var settings = WithCertificate(cluster, authority);

        (await cluster.Refusal(settings with { SiloAuthority = other.AuthorityFile }))
            .Should()
            .StartWith($"{authority.Certificate} of ConvoSynth:Cluster:SiloCertificate is not signed by {other.AuthorityFile}");
        (await cluster.Refusal(settings with { SiloAuthority = null })).Should().Contain("needs ConvoSynth:Cluster:SiloAuthority");
        (await cluster.Refusal(settings with { SiloKey = "/nowhere/key.pem" })).Should().Contain("SiloCertificate cannot be used");
    }

    [RedisFact]
    public async Task A_client_without_a_certificate_is_told_that_no_silo_answers()
    {
        using var authority = new TestAuthority();
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        await cluster.Join(WithCertificate(cluster, authority));

        var refused = await cluster.Command("status");

        refused.Code.Should().Be(1);
        refused.Errors.Should().StartWith("error: no silo of the cluster convosynth answers");
    }

    private static ClusterSettings WithCertificate(TestCluster cluster, TestAuthority authority) =>
        cluster.Settings with
        {
            SiloCertificate = authority.Certificate,
            SiloKey = authority.Key,
            SiloAuthority = authority.AuthorityFile,
        };

    private static void Secure(TestCluster cluster, TestAuthority authority)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(cluster.Config))!;
        var settings = configuration["ConvoSynth"]!["Cluster"]!;
        settings[nameof(ClusterSettings.SiloCertificate)] = authority.Certificate;
        settings[nameof(ClusterSettings.SiloKey)] = authority.Key;
        settings[nameof(ClusterSettings.SiloAuthority)] = authority.AuthorityFile;
        File.WriteAllText(cluster.Config, configuration.ToJsonString());
    }
}
