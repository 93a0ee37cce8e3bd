using System.Net;
using ConvoSynth.Infra.Tests.Settings;
using YamlDotNet.Core;

namespace ConvoSynth.Infra.Tests.Compose;

/// <summary>The services of the compose file: their files, addresses, ports and commands.</summary>
public sealed class Services
{
    private static readonly ComposeFile Cluster = ComposeFile.Cluster;

    [Theory]
    [InlineData("    image: redis:7.4\n", "    imag: redis:7.4\n")]
    [InlineData("    image: redis:7.4\n", "    image: redis:7.4\n    image: redis:7.4\n")]
    [InlineData("  read_only: true\n", "  readonly: true\n")]
    [InlineData("  command: [silo,", "  command: {silo,")]
    public void A_wrong_file_is_refused(string right, string wrong)
    {
        var text = Infra.Read("compose.yaml");
        text.Should().Contain(right);

        var read = () => ComposeFile.Parse(text.Replace(right, wrong, StringComparison.Ordinal));

        read.Should().Throw<YamlException>();
    }

    [Fact]
    public void There_are_three_silos_with_addresses_of_their_own_outside_of_what_the_network_deals_out()
    {
        var (network, settings) = Cluster.Networks.Single();
        var config = settings.Ipam.Config.Single();
        var (subnet, dealt) = (IPNetwork.Parse(config.Subnet), IPNetwork.Parse(config.IpRange));

        Cluster.Silos.Should().HaveCount(3);
        var addresses = Cluster.Silos.Select(s => s.Value.Environment["ConvoSynth__Cluster__Address"]).ToArray();
        addresses.Should().OnlyHaveUniqueItems();
        addresses.Should().Equal(Cluster.Silos.Select(s => s.Value.AddressIn(network)));
        addresses.Select(IPAddress.Parse).Should().OnlyContain(a => subnet.Contains(a) && !dealt.Contains(a));
        Cluster.Services.Values.Should().OnlyContain(s => s.NetworkNames.Single() == network);
    }

    [Fact]
    public void Every_mounted_file_exists_and_every_named_volume_is_declared_and_used()
    {
        var mounts = Cluster.Services.Values.SelectMany(s => s.Mounts).ToArray();
        var files = mounts.Where(m => m.Source.StartsWith("./", StringComparison.Ordinal)).ToArray();

        files.Should().HaveCountGreaterThan(6);
        files.Select(m => Infra.At(m.Source)).Should().OnlyContain(f => Path.Exists(f));
        mounts.Except(files).Select(m => m.Source).Distinct(StringComparer.Ordinal).Should().BeEquivalentTo(Cluster.Volumes.Keys);
    }

    [Fact]
    public void Every_command_of_the_program_is_understood_and_its_image_is_built_from_the_repository()
    {
        var ours = Cluster.Services.Values.Where(s => s.Build is not null).ToArray();

        ours.Should().HaveCount(5).And.OnlyContain(s => s.Image == "convosynth" && s.ReadOnly && s.Tmpfs.Single() == "/tmp");
        ours.Where(s => s.Profiles.Count == 0).SelectMany(s => Program.Root().Parse([.. s.Command]).Errors).Should().BeEmpty();
        foreach (var build in ours.Select(s => s.Build!))
        {
            Path.GetFullPath(Infra.At(build.Context)).Should().Be(RepositoryRoot.Folder);
            File.Exists(RepositoryRoot.At(build.Dockerfile)).Should().BeTrue();
        }
    }

    [Fact]
    public void Silos_read_the_configuration_that_is_mounted_and_its_settings_fit_the_services()
    {
        var settings = Configurations.Settings(ComposeFile.Configuration);

        Configurations.Unknown(ComposeFile.Configuration).Should().BeEmpty();
        Cluster.Services.Should().ContainKey(settings.Redis.Split(':')[0]);
        settings.PasswordVariable.Should().BeNull("this Redis asks for no password and has no port outside of the network");
        foreach (var (_, silo) in Cluster.Silos)
        {
            silo.Mounts.Should().Contain(("./compose/cluster.json", silo.Option("--config")!)).And.Contain(("runs", settings.Runs!));
            silo.Ports.Single().Split(':')[^1].Should().Be($"{settings.HttpPort}");
            Configurations.Unknown(silo.Environment.Keys).Should().BeEmpty();
            silo.DependsOn["redis"]["condition"].Should().Be("service_healthy");
        }

        Cluster.Services["client"].Mounts.Should().Contain(("runs", settings.Runs!));
        Cluster.Services["redis"].Healthcheck.Should().NotBeNull();
        Cluster.Services["redis"].Option("--appendonly").Should().Be("yes", "the list of silos survives a restart of Redis");
    }

    [Fact]
    public void No_port_is_open_to_other_machines_or_taken_twice()
    {
        var ports = Cluster.Services.Values.SelectMany(s => s.Ports).ToArray();

        ports.Should().HaveCountGreaterThan(4).And.OnlyContain(p => p.StartsWith("127.0.0.1:", StringComparison.Ordinal));
        ports.Select(p => p.Split(':')[1]).Should().OnlyHaveUniqueItems();
    }
}
