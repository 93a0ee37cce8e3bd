using k8s.Models;
using YamlDotNet.Core;

namespace ConvoSynth.Infra.Tests.Kubernetes;

/// <summary>The manifests are what Kubernetes takes, and kustomize takes all of them.</summary>
public sealed class Parsing
{
    [Fact]
    public void Every_manifest_is_read_without_an_unknown_field_and_leaves_the_namespace_open()
    {
        Manifests.All.Should().HaveCountGreaterThan(7);
        Manifests.All.Should().OnlyContain(o => o.Metadata.Name.Length > 0 && o.Metadata.NamespaceProperty == null);
        Manifests.All.Select(o => $"{o.Kind} {o.Metadata.Name}").Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("  replicas: 3\n", "  replica: 3\n")]
    [InlineData("  replicas: 3\n", "  replicas: three\n")]
    [InlineData("            failureThreshold: 36\n", "            failureTreshold: 36\n")]
    [InlineData("        runAsNonRoot: true\n", "        runAsNonRoot: true\n        runAsNonRoot: true\n")]
    public void A_wrong_manifest_is_refused(string right, string wrong)
    {
        var text = Infra.Read("k8s", "statefulset.yaml");
        text.Should().Contain(right);

        var read = () => Manifests.Parse(text.Replace(right, wrong, StringComparison.Ordinal)).ToArray();

        read.Should().Throw<YamlException>();
    }

    [Fact]
    public void Kustomize_takes_every_manifest_and_names_the_image_that_the_silos_run()
    {
        var kustomized = Manifests.Kustomized();

        ((List<object>)kustomized["resources"]).Should().BeEquivalentTo(Manifests.Files);
        var image = (Dictionary<object, object>)((List<object>)kustomized["images"]).Single();
        image["name"].Should().Be(Manifests.SiloContainer.Image);
        image["newTag"].Should().Be(ConvoSynth.Cluster.ClusterSettings.Version, "silos of two versions refuse each other");
    }

    [Fact]
    public void No_secret_is_among_them_and_every_value_of_the_environment_comes_from_elsewhere()
    {
        Manifests.Of<V1Secret>().Should().BeEmpty();
        Manifests
            .Of<V1StatefulSet>()
            .SelectMany(s => s.Spec.Template.Spec.Containers)
            .SelectMany(c => c.Env)
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(e => e.Value == null && e.ValueFrom != null);
    }
}
