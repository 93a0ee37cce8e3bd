using System.Text;
using System.Text.Json;
using ConvoSynth.Cluster;
using Microsoft.Extensions.Configuration;

namespace ConvoSynth.Infra.Tests.Settings;

/// <summary>Configurations of clusters, read as a silo reads them.</summary>
internal static class Configurations
{
    private const string Variable = "ConvoSynth__Cluster__";

    private static readonly HashSet<string> Known = new(
        typeof(ClusterSettings).GetProperties().Where(p => p.CanWrite).Select(p => p.Name),
        StringComparer.Ordinal
    );

    /// <exception cref="ClusterException">A setting is missing or out of range.</exception>
    public static ClusterSettings Settings(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return ClusterSettings.Read(new ConfigurationBuilder().AddJsonStream(stream).Build(), "the file");
    }

    /// <summary>Names of settings that no silo reads.</summary>
    public static IEnumerable<string> Unknown(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document
                .RootElement.GetProperty("ConvoSynth")
                .GetProperty("Cluster")
                .EnumerateObject()
                .Select(p => p.Name)
                .Where(n => !Known.Contains(n)),
        ];
    }

    /// <summary>As <see cref="Unknown(string)"/>, of environment variables that override the file.</summary>
    public static IEnumerable<string> Unknown(IEnumerable<string> variables) =>
        variables
            .Where(v => v.StartsWith("ConvoSynth", StringComparison.Ordinal))
            .Where(v => !v.StartsWith(Variable, StringComparison.Ordinal) || !Known.Contains(v[Variable.Length..]));
}
