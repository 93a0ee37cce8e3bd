using System.Globalization;
using ConvoSynth.Cluster;
using ConvoSynth.Infra.Tests.Settings;
using k8s.Models;

namespace ConvoSynth.Infra.Tests.Kubernetes;

/// <summary>What one manifest names, another one has.</summary>
public sealed class Wiring
{
    private static readonly ClusterSettings Settings = Configurations.Settings(Manifests.Configuration);

    [Fact]
    public void Every_selector_selects_the_pods_of_one_stateful_set()
    {
        var selectors = Manifests
            .Of<V1Service>()
            .Select(s => (Of: $"Service {s.Metadata.Name}", Labels: s.Spec.Selector))
            .Concat(Manifests.Of<V1StatefulSet>().Select(s => (Of: $"Set {s.Metadata.Name}", Labels: s.Spec.Selector.MatchLabels)))
            .Concat(
                Manifests.Of<V1PodDisruptionBudget>().Select(b => (Of: $"Budget {b.Metadata.Name}", Labels: b.Spec.Selector.MatchLabels))
            )
            .Concat(Manifests.Of<V1NetworkPolicy>().Select(p => (Of: $"Policy {p.Metadata.Name}", Labels: p.Spec.PodSelector.MatchLabels)))
            .Append((Of: "Spread", Labels: Manifests.Silo.Spec.Template.Spec.TopologySpreadConstraints.Single().LabelSelector.MatchLabels))
            .ToArray();

        selectors.Should().HaveCountGreaterThan(7);
        selectors.Where(s => Manifests.Selected(s.Labels).Count() != 1).Should().BeEmpty();
        Manifests
            .Of<V1NetworkPolicy>()
            .SelectMany(p => p.Spec.Ingress)
            .SelectMany(i => i.FromProperty ?? [])
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(f => Manifests.Selected(f.PodSelector.MatchLabels).Any());
    }

    [Fact]
    public void Every_service_of_a_stateful_set_exists_and_leads_to_its_ports()
    {
        Manifests.Of<V1StatefulSet>().Should().HaveCount(2);
        foreach (var set in Manifests.Of<V1StatefulSet>())
        {
            var service = Manifests.One<V1Service>(set.Spec.ServiceName);
            Manifests.Selected(service.Spec.Selector).Should().Equal(set);
            var ports = Ports(set);
            service.Spec.Ports.Should().OnlyContain(p => ports[p.TargetPort.Value] == p.Port);
        }

        Manifests.One<V1Service>(Manifests.Silo.Spec.ServiceName).Spec.ClusterIP.Should().Be("None");
    }

    [Fact]
    public void Every_port_of_a_policy_or_probe_is_one_of_the_pods()
    {
        var named =
            from policy in Manifests.Of<V1NetworkPolicy>()
            from port in policy.Spec.Ingress.SelectMany(i => i.Ports)
            select (Set: Manifests.Selected(policy.Spec.PodSelector.MatchLabels).Single(), port.Port.Value);
        var probed =
            from set in Manifests.Of<V1StatefulSet>()
            from container in set.Spec.Template.Spec.Containers
            from probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }
            let port = probe?.HttpGet?.Port ?? probe?.TcpSocket?.Port
            where port is not null
            select (Set: set, port.Value);

        var all = named.Concat(probed).ToArray();
        all.Should().HaveCountGreaterThan(6);
        all.Where(p => !Ports(p.Set).ContainsKey(p.Value)).Should().BeEmpty();
    }

    [Fact]
    public void The_configuration_names_the_ports_of_the_pod_and_no_setting_that_a_silo_does_not_know()
    {
        Ports(Manifests.Silo)
            .Should()
            .Equal(
                new Dictionary<string, int>(StringComparer.Ordinal)
                {
                    ["silo"] = Settings.Port,
                    ["gateway"] = Settings.GatewayPort,
                    ["http"] = Settings.HttpPort,
                }
            );
        Settings.HttpAddress.Should().Be("0.0.0.0", "a probe comes from outside of the pod");
        Configurations.Unknown(Manifests.Configuration).Should().BeEmpty();
        Configurations.Unknown(Manifests.SiloContainer.Env.Select(e => e.Name)).Should().BeEmpty();
        Manifests
            .SiloContainer.Env.Single(e => e.Name == "ConvoSynth__Cluster__Address")
            .ValueFrom.FieldRef.FieldPath.Should()
            .Be("status.podIP");
    }

    [Fact]
    public void The_configuration_names_a_redis_that_exists_and_both_take_one_password()
    {
        var (host, port) = (Settings.Redis.Split(':')[0], int.Parse(Settings.Redis.Split(':')[1], CultureInfo.InvariantCulture));
        Manifests.One<V1Service>(host).Spec.Ports.Select(p => p.Port).Should().Equal(port);

        var silos = Manifests.SiloContainer.Env.Single(e => e.Name == Settings.PasswordVariable).ValueFrom.SecretKeyRef;
        var container = Manifests.Redis.Spec.Template.Spec.Containers.Single();
        var own = container.Env.Single();
        (own.ValueFrom.SecretKeyRef.Name, own.ValueFrom.SecretKeyRef.Key).Should().Be((silos.Name, silos.Key));
        silos.Optional.Should().NotBe(true);
        container.Args.Should().ContainInConsecutiveOrder("--requirepass", $"$({own.Name})");
    }

    [Fact]
    public void Every_mounted_volume_exists_and_holds_what_the_command_and_the_configuration_name()
    {
        var pod = Manifests.Silo.Spec.Template.Spec;
        var volumes = pod.Volumes.ToDictionary(v => v.Name, StringComparer.Ordinal);
        var mounts = Manifests.SiloContainer.VolumeMounts.ToDictionary(m => m.MountPath, m => volumes[m.Name], StringComparer.Ordinal);
        mounts.Should().HaveCount(volumes.Count);

        var claim = Manifests.One<V1PersistentVolumeClaim>(mounts[Settings.Runs!].PersistentVolumeClaim.ClaimName);
        claim.Spec.AccessModes.Should().Equal("ReadWriteMany");
        var map = mounts["/etc/convosynth"].ConfigMap;
        var item = map.Items.Single();
        Manifests.One<V1ConfigMap>(map.Name).Data.Should().ContainKey(item.Key);
        Manifests.SiloContainer.Args.Should().ContainInConsecutiveOrder("--config", $"/etc/convosynth/{item.Path}");
        mounts["/tmp"].EmptyDir.Should().NotBeNull("the root file system is read-only");
        Manifests
            .SiloContainer.Env.Select(e => e.ValueFrom.ConfigMapKeyRef)
            .Where(k => k is not null)
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(k => Manifests.Of<V1ConfigMap>().Any(m => m.Metadata.Name == k.Name));
    }

    private static Dictionary<string, int> Ports(V1StatefulSet set) =>
        set.Spec.Template.Spec.Containers.Single().Ports.ToDictionary(p => p.Name, p => p.ContainerPort, StringComparer.Ordinal);
}
