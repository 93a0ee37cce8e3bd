using System.Net;
using YamlDotNet.RepresentationModel;

namespace ConvoSynth.Infra.Tests.Compose;

/// <summary>The configurations beside the compose file name services that exist, and ports on which these listen.</summary>
public sealed class Addresses
{
    private static readonly ComposeFile Cluster = ComposeFile.Cluster;
    private static readonly YamlNode Collector = Load("compose", "collector.yaml");

    [Fact]
    public void Silos_send_to_the_collector_where_it_listens()
    {
        var listens = Collector["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].ToString();

        foreach (var (_, silo) in Cluster.Silos)
            Named(new Uri(silo.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]).Authority).Should().Be(("collector", PortOf(listens)));
    }

    [Fact]
    public void Prometheus_asks_the_collector_where_it_offers_metrics()
    {
        var target = Load("compose", "prometheus.yaml")["scrape_configs"][0]["static_configs"][0]["targets"][0].ToString();

        Named(target).Should().Be(("collector", PortOf(Collector["exporters"]["prometheus"]["endpoint"].ToString())));
    }

    [Fact]
    public void Every_part_of_a_pipeline_of_the_collector_is_declared()
    {
        var pipelines = ((YamlMappingNode)Collector["service"]["pipelines"]).Children;

        pipelines.Keys.Select(k => k.ToString()).Should().Equal("metrics", "traces");
        foreach (var kind in new[] { "receivers", "exporters" })
            pipelines
                .Values.SelectMany(p => (YamlSequenceNode)p[kind])
                .Select(p => p.ToString())
                .Distinct(StringComparer.Ordinal)
                .Should()
                .BeEquivalentTo(((YamlMappingNode)Collector[kind]).Children.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public void Grafana_asks_prometheus_at_its_port_and_finds_the_dashboard()
    {
        var source = Load("compose", "grafana", "datasources.yaml")["datasources"][0];
        Named(new Uri(source["url"].ToString()).Authority).Should().Be(("prometheus", 9090));
        Cluster.Services["prometheus"].Ports.Single().Should().EndWith(":9090");

        var folder = Load("compose", "grafana", "dashboards.yaml")["providers"][0]["options"]["path"].ToString();
        var mounted = Cluster.Services["grafana"].Mounts.Single(m => m.Target == folder).Source;
        Directory.GetFiles(Infra.At(mounted), "*.json").Should().ContainSingle();
    }

    [Fact]
    public void Every_command_line_names_a_file_that_is_mounted()
    {
        foreach (var (name, flag) in new[] { ("collector", "--config="), ("prometheus", "--config.file=") })
        {
            var service = Cluster.Services[name];
            var file = service.Command.Single(w => w.StartsWith(flag, StringComparison.Ordinal))[flag.Length..];
            service.Mounts.Select(m => m.Target).Should().Contain(file);
        }
    }

    [Fact]
    public void The_spec_of_the_client_asks_the_test_endpoint_where_it_listens()
    {
        var mount = Cluster.Services["client"].Mounts.Single(m => m.Target.EndsWith("/spec.yaml", StringComparison.Ordinal));
        var url = Load(mount.Source)["endpoints"][0]["url"].ToString();
        var endpoint = Cluster.Services["endpoint"];

        Named(new Uri(url).Authority).Should().Be(("endpoint", int.Parse(endpoint.Option("--port")!, null)));
        endpoint.Option("--address").Should().Be("0.0.0.0", "other containers ask it");
    }

    private static (string Host, int Port) Named(string authority)
    {
        var host = authority.Split(':')[0];
        Cluster.Services.Should().ContainKey(host);
        return (host, int.Parse(authority.Split(':')[1], null));
    }

    private static int PortOf(string listens)
    {
        var at = IPEndPoint.Parse(listens);
        at.Address.Should().Be(IPAddress.Any, "it is asked from other containers");
        return at.Port;
    }

    private static YamlNode Load(params ReadOnlySpan<string> path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Infra.Read(path)));
        return stream.Documents.Single().RootNode;
    }
}
