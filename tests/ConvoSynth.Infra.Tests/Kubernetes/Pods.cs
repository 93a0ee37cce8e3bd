using ConvoSynth.Infra.Tests.Images;
using k8s.Models;

namespace ConvoSynth.Infra.Tests.Kubernetes;

/// <summary>How the pods run, end and are updated.</summary>
public sealed class Pods
{
    [Fact]
    public void No_pod_is_root_or_writes_to_its_image_or_asks_kubernetes()
    {
        foreach (var pod in Manifests.Of<V1StatefulSet>().Select(s => s.Spec.Template.Spec))
        {
            pod.AutomountServiceAccountToken.Should().BeFalse();
            pod.SecurityContext.RunAsNonRoot.Should().BeTrue();
            pod.SecurityContext.SeccompProfile.Type.Should().Be("RuntimeDefault");
            pod.Containers.Should()
                .OnlyContain(c =>
                    c.SecurityContext.ReadOnlyRootFilesystem == true
                    && c.SecurityContext.AllowPrivilegeEscalation == false
                    && c.SecurityContext.Capabilities.Drop.Single() == "ALL"
                    && c.Resources.Requests.ContainsKey("memory")
                    && c.Resources.Limits.ContainsKey("memory")
                );
        }
    }

    [Fact]
    public void The_silo_runs_as_the_user_of_its_image_and_owns_the_runs()
    {
        var context = Manifests.Silo.Spec.Template.Spec.SecurityContext;

        $"{context.RunAsUser}".Should().Be(Dockerfile.Image.Last("USER"));
        context.FsGroup.Should().Be(context.RunAsGroup);
    }

    [Fact]
    public void The_command_is_one_of_the_program() => Program.Root().Parse([.. Manifests.SiloContainer.Args]).Errors.Should().BeEmpty();

    [Fact]
    public void Silos_are_not_updated_one_by_one_and_one_at_most_is_evicted()
    {
        Manifests.Silo.Spec.UpdateStrategy.Type.Should().Be("OnDelete", "silos of two versions refuse each other");
        Manifests.Silo.Spec.PodManagementPolicy.Should().Be("Parallel");
        Manifests.Silo.Spec.Replicas.Should().Be(3);
        Manifests.Of<V1PodDisruptionBudget>().Single().Spec.MaxUnavailable.Value.Should().Be("1");
    }
}
