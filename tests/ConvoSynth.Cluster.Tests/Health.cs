using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace ConvoSynth.Cluster.Tests;

/// <summary>What a silo answers over HTTP.</summary>
[Collection(nameof(RedisFactAttribute))]
public sealed class Health
{
    private const string Variable = "CONVOSYNTH_TEST_DASHBOARD_TOKEN";

    private static readonly HttpClient Http = new();

    [RedisFact]
    public async Task A_silo_is_ready_when_it_has_joined_and_silent_when_it_has_left()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        var settings = cluster.Settings with { HttpPort = FreePort() };
        var silo = await cluster.Join(settings);

        (await Status(settings, "/health/live")).Should().Be(HttpStatusCode.OK);
        (await Status(settings, "/health/ready")).Should().Be(HttpStatusCode.OK);
        (await Status(settings, "/dashboard")).Should().Be(HttpStatusCode.NotFound, "the dashboard is off by default");

        await silo.Stop();
        var asked = async () => await Status(settings, "/health/ready");
        await asked.Should().ThrowAsync<HttpRequestException>();
    }

    [RedisFact]
    public async Task The_dashboard_wants_its_password()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        Environment.SetEnvironmentVariable(Variable, "open sesame");
        var settings = cluster.Settings with
        {
            HttpPort = FreePort(),
            HttpAddress = "0.0.0.0",
            Dashboard = true,
            DashboardTokenVariable = Variable,
        };
        await cluster.Join(settings);

        (await Status(settings, "/dashboard/")).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(settings, "/dashboard/", "open says me")).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(settings, "/dashboard/", "open sesame")).Should().Be(HttpStatusCode.OK);
        (await Status(settings, "/dashboard/DashboardCounters")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [RedisFact]
    public async Task A_dashboard_open_to_all_and_a_taken_port_are_refused()
    {
        await using var redis = await RedisServer.Start();
        await using var cluster = new TestCluster(redis);
        var open = cluster.Settings with { HttpPort = FreePort(), HttpAddress = "0.0.0.0", Dashboard = true };
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        (await cluster.Refusal(open)).Should().Contain("would be open to everyone who reaches 0.0.0.0");
        (await cluster.Refusal(open with { HttpPort = 0 })).Should().Contain("needs ConvoSynth:Cluster:HttpPort");
        (await cluster.Refusal(cluster.Settings with { HttpPort = port })).Should().Contain($"the port {port} of 127.0.0.1 is taken");
    }

    private static async Task<HttpStatusCode> Status(ClusterSettings settings, string path, string? password = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{settings.HttpPort}{path}");
        if (password is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{password}"))
            );
        using var answer = await Http.SendAsync(request);
        return answer.StatusCode;
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
