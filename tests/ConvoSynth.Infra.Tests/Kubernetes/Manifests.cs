using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace ConvoSynth.Infra.Tests.Kubernetes;

/// <summary>The manifests, as the types of Kubernetes' own client read them; a field that they lack is an error.</summary>
internal static class Manifests
{
    private const string Kustomization = "kustomization.yaml";

    public static string Folder => Infra.At("k8s");

    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory
            .EnumerateFiles(Folder, "*.yaml")
            .Select(f => Path.GetFileName(f))
            .Where(f => f != Kustomization)
            .Order(StringComparer.Ordinal),
    ];

    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> All { get; } = [.. Files.SelectMany(f => Parse(Infra.Read("k8s", f)))];

    public static V1StatefulSet Silo => One<V1StatefulSet>("convosynth-silo");

    public static V1Container SiloContainer => Silo.Spec.Template.Spec.Containers.Single();

    public static V1StatefulSet Redis => One<V1StatefulSet>("convosynth-redis");

    /// <summary>The configuration that the silos read.</summary>
    public static string Configuration => One<V1ConfigMap>("convosynth").Data["cluster.json"];

    public static IEnumerable<T> Of<T>() => All.OfType<T>();

    public static T One<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Of<T>().Single(o => o.Metadata.Name == name);

    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Parse(string text) =>
        KubernetesYaml.LoadAllFromString(text, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    public static Dictionary<string, object> Kustomized() =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(Infra.Read("k8s", Kustomization));

    /// <summary>The stateful sets whose pods have all these labels.</summary>
    public static IEnumerable<V1StatefulSet> Selected(IDictionary<string, string> labels) =>
        Of<V1StatefulSet>().Where(s => labels.All(l => s.Spec.Template.Metadata.Labels.Contains(l)));
}
