using System.Text.RegularExpressions;

namespace ConvoSynth.Infra.Tests.Metrics;

/// <param name="Equal">Labels that must have one value.</param>
internal sealed record Selected(string Metric, IReadOnlyList<string> Labels, IReadOnlyList<(string Label, string Value)> Equal);

/// <summary>What a query in PromQL selects: metrics with their selectors, and the labels that it groups by.</summary>
internal sealed partial class PromQuery
{
    // Labels that come from no instrument: Prometheus and the collector set the first two, and histograms have the third.
    private static readonly string[] Given = ["instance", "job", "le"];

    public PromQuery(string text)
    {
        Groups = [.. By().Matches(text).SelectMany(m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))];
        Metrics = [.. Metric().Matches(Range().Replace(By().Replace(text, ""), "")).Select(Read)];
    }

    public IReadOnlyList<Selected> Metrics { get; }

    public IReadOnlyList<string> Groups { get; }

    /// <summary>What it names and the metrics lack.</summary>
    public IEnumerable<string> Missing(Exposition seen)
    {
        foreach (var selected in Metrics)
        {
            if (seen.Labels(selected.Metric) is not { } labels)
            {
                yield return selected.Metric;
                continue;
            }

            foreach (var label in selected.Labels.Concat(Groups).Except(Given).Where(l => !labels.ContainsKey(l)))
                yield return $"{selected.Metric}.{label}";
            foreach (
                var (label, value) in selected.Equal.Where(e => labels.TryGetValue(e.Label, out var values) && !values.Contains(e.Value))
            )
                yield return $"{selected.Metric}.{label}={value}";
        }
    }

    private static Selected Read(Match metric)
    {
        var matchers = Matcher().Matches(metric.Groups["matchers"].Value);
        return new(
            metric.Groups["name"].Value,
            [.. matchers.Select(m => m.Groups["label"].Value)],
            [.. matchers.Where(m => m.Groups["is"].Value == "=").Select(m => (m.Groups["label"].Value, m.Groups["value"].Value))]
        );
    }

    // A name before a parenthesis is that of a function.
    [GeneratedRegex(@"\b(?<name>[a-z_][a-z0-9_]*)\b(?!\s*\()(?:\{(?<matchers>[^}]*)\})?")]
    private static partial Regex Metric();

    [GeneratedRegex("""(?<label>\w+)(?<is>=~|!~|!=|=)"(?<value>[^"]*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\bby \(([^)]*)\)")]
    private static partial Regex By();
}
