using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Core.Campaigns;

/// <summary>Usage of one role on one endpoint, within a slice and a service tier.</summary>
/// <param name="Stage"><c>blueprint</c>, <c>dialogue</c> or <c>verification</c>.</param>
/// <param name="Role">As in <see cref="ModelCall"/>.</param>
public sealed record LedgerLine(string Stage, string Role, string Endpoint, string Slice)
{
    /// <summary>The tier that served, as in <see cref="ModelCall"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ServiceTier { get; init; }

    public long Calls { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>US dollars; calls without a known price add 0.</summary>
    public decimal Cost { get; init; }

    /// <summary>Calls whose endpoint has no price.</summary>
    public long Unpriced { get; init; }

    /// <summary>Calls with estimated tokens, since their endpoint reported none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Estimated { get; init; }

    /// <summary>Sum over the tries that answered.</summary>
    public double Seconds { get; init; }

    /// <summary>Answers per <see cref="Latency.Step"/>; trailing zeros are left out.</summary>
    public ImmutableArray<long> Latencies { get; init; } = [];

    /// <summary>Failed tries that were followed by another, as <c>endpoint: reason</c>, ordered by name.</summary>
    public ImmutableArray<Tally> FailedTries { get; init; } = [];
}

/// <summary>Steps of a latency histogram: they start at 10 ms, and each bound is 1.25 times the one before it.</summary>
public static class Latency
{
    public const double First = 0.01;

    public const double Growth = 1.25;

    /// <value>60 steps reach 87 minutes; a longer latency counts in the last step.</value>
    public const int Steps = 60;

    public static int Step(double seconds) =>
        seconds <= First ? 0 : Math.Min(Steps - 1, (int)Math.Ceiling(Math.Log(seconds / First) / Math.Log(Growth)));

    /// <summary>The longest latency of a step, in seconds.</summary>
    public static double UpperBound(int step) => First * Math.Pow(Growth, step);

    /// <summary>The upper bound, in seconds, of the step that contains the given quantile; 0 for an empty histogram.</summary>
    /// <param name="share">0 to 1.</param>
    public static double Quantile(ImmutableArray<long> steps, double share)
    {
        var wanted = share * steps.Sum();
        long sum = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            sum += steps[i];
            if (sum > 0 && sum >= wanted)
                return UpperBound(i);
        }

        return 0;
    }
}

/// <summary>Usage of a run's model calls, ordered by stage, role, endpoint, slice and tier.</summary>
public sealed record Ledger(ImmutableArray<LedgerLine> Lines)
{
    public static Ledger Empty { get; } = new([]);

    public decimal Cost => Lines.Sum(l => l.Cost);

    public Usage Usage => Lines.Aggregate(Usage.None, (sum, l) => sum + l.Usage);

    public static Ledger operator +(Ledger a, Ledger b)
    {
        if (b.Lines.IsEmpty)
            return a;
        if (a.Lines.IsEmpty)
            return b;
        var sum = new LedgerCounter();
        sum.Add(a);
        sum.Add(b);
        return sum.Take();
    }
}

/// <summary>Sums calls; the mutable counterpart of <see cref="Ledger"/>.</summary>
public sealed class LedgerCounter
{
    private readonly Dictionary<LedgerKey, Sum> _lines = [];

    /// <summary>US dollars since the last <see cref="Take"/>.</summary>
    public decimal Cost { get; private set; }

    /// <summary>Input and output tokens since the last <see cref="Take"/>.</summary>
    public long Tokens { get; private set; }

    public void Add(string slice, ModelCall call)
    {
        var line = Line(new(StageOf(call.Role), call.Role, call.Endpoint, slice, call.ServiceTier));
        line.Calls++;
        line.Usage += call.Usage;
        line.Cost += call.Cost ?? 0;
        if (call.Cost is null)
            line.Unpriced++;
        if (call.IsEstimated)
            line.Estimated++;
        line.Seconds += call.Seconds;
        line.Latencies[Latency.Step(call.Seconds)]++;
        foreach (var failed in call.FailedTries)
            line.Failed(failed.Endpoint + ": " + failed.Reason, 1);
        Cost += call.Cost ?? 0;
        Tokens += call.Usage.InputTokens + call.Usage.OutputTokens;
    }

    public void Add(Ledger ledger)
    {
        foreach (var added in ledger.Lines)
        {
            var line = Line(new(added.Stage, added.Role, added.Endpoint, added.Slice, added.ServiceTier));
            line.Calls += added.Calls;
            line.Usage += added.Usage;
            line.Cost += added.Cost;
            line.Unpriced += added.Unpriced;
            line.Estimated += added.Estimated;
            line.Seconds += added.Seconds;
            for (var i = 0; i < added.Latencies.Length; i++)
                line.Latencies[i] += added.Latencies[i];
            foreach (var failed in added.FailedTries)
                line.Failed(failed.Name, failed.Count);
            Cost += added.Cost;
            Tokens += added.Usage.InputTokens + added.Usage.OutputTokens;
        }
    }

    /// <summary>Returns the sum and resets the counter.</summary>
    public Ledger Take()
    {
        var lines = _lines
            .OrderBy(l => l.Key.Stage, StringComparer.Ordinal)
            .ThenBy(l => l.Key.Role, StringComparer.Ordinal)
            .ThenBy(l => l.Key.Endpoint, StringComparer.Ordinal)
            .ThenBy(l => l.Key.Slice, StringComparer.Ordinal)
            .ThenBy(l => l.Key.ServiceTier, StringComparer.Ordinal)
            .Select(l => l.Value.Line(l.Key))
            .ToImmutableArray();
        _lines.Clear();
        (Cost, Tokens) = (0, 0);
        return lines.IsEmpty ? Ledger.Empty : new(lines);
    }

    private static string StageOf(string role) =>
        role switch
        {
            "human" or "agent" => "dialogue",
            "writer" or "proposer" or "summarizer" => "blueprint",
            _ => "verification",
        };

    private Sum Line(LedgerKey key)
    {
        if (!_lines.TryGetValue(key, out var line))
            _lines[key] = line = new();
        return line;
    }

    private readonly record struct LedgerKey(string Stage, string Role, string Endpoint, string Slice, string? ServiceTier);

    private sealed class Sum
    {
        private readonly SortedDictionary<string, long> _failed = new(StringComparer.Ordinal);

        public long Calls { get; set; }

        public Usage Usage { get; set; } = Usage.None;

        public decimal Cost { get; set; }

        public long Unpriced { get; set; }

        public long Estimated { get; set; }

        public double Seconds { get; set; }

        public long[] Latencies { get; } = new long[Latency.Steps];

        public void Failed(string name, long count) => _failed[name] = _failed.GetValueOrDefault(name) + count;

        public LedgerLine Line(LedgerKey key) =>
            new(key.Stage, key.Role, key.Endpoint, key.Slice)
            {
                ServiceTier = key.ServiceTier,
                Calls = Calls,
                Usage = Usage,
                Cost = Cost,
                Unpriced = Unpriced,
                Estimated = Estimated,
                Seconds = Math.Round(Seconds, 3),
                Latencies = [.. Latencies[..(Array.FindLastIndex(Latencies, n => n > 0) + 1)]],
                FailedTries = [.. _failed.Select(f => new Tally(f.Key, f.Value))],
            };
    }
}
