using System.Text.RegularExpressions;

namespace ConvoSynth.Infra.Tests.Metrics;

/// <summary>Metrics in Prometheus' text format.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, Dictionary<string, HashSet<string>>> _series = new(StringComparer.Ordinal);

    public Exposition(string text)
    {
        foreach (Match line in Sample().Matches(text))
        {
            if (!_series.TryGetValue(line.Groups["name"].Value, out var labels))
                _series[line.Groups["name"].Value] = labels = new(StringComparer.Ordinal);
            foreach (Match label in Label().Matches(line.Groups["labels"].Value))
            {
                if (!labels.TryGetValue(label.Groups[1].Value, out var values))
                    labels[label.Groups[1].Value] = values = new(StringComparer.Ordinal);
                values.Add(label.Groups[2].Value);
            }
        }
    }

    public IReadOnlyCollection<string> Names => _series.Keys;

    /// <summary>The labels of a metric, with their values; null if there is no such metric.</summary>
    public IReadOnlyDictionary<string, HashSet<string>>? Labels(string name) => _series.GetValueOrDefault(name);

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? \S+", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("""(\w+)="((?:[^"\\]|\\.)*)""")]
    private static partial Regex Label();
}
