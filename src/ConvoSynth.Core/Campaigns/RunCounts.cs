using System.Collections.Immutable;

namespace ConvoSynth.Core;

/// <summary>A name and how often it came up.</summary>
public sealed record Tally(string Name, long Count);

/// <summary>How the indexes of a run, or of a part of it, ended.</summary>
public sealed record RunCounts
{
    public static RunCounts Zero { get; } = new();

    public long Accepted { get; init; }

    public long Rejected { get; init; }

    public long Failed { get; init; }

    /// <summary>Attempts that were followed by another one. They are rows, and no index's own: <see cref="Done"/> leaves them out.</summary>
    public long Retried { get; init; }

    /// <summary>Rejections by reason, ordered by name; a row with several reasons counts under each.</summary>
    public ImmutableArray<Tally> Reasons { get; init; } = [];

    /// <summary>Accepted and rejected by intent, as <c>domain/intent: accepted</c>, ordered by name.</summary>
    public ImmutableArray<Tally> Intents { get; init; } = [];

    /// <summary>Planted faults by kind and where their rows went, as <c>kind: rejected</c>, ordered by name.</summary>
    public ImmutableArray<Tally> Planted { get; init; } = [];

    public long Done => Accepted + Rejected + Failed;

    public static RunCounts operator +(RunCounts a, RunCounts b) => new()
    {
        Accepted = a.Accepted + b.Accepted,
        Rejected = a.Rejected + b.Rejected,
        Failed = a.Failed + b.Failed,
        Retried = a.Retried + b.Retried,
        Reasons = Sum(a.Reasons, b.Reasons),
        Intents = Sum(a.Intents, b.Intents),
        Planted = Sum(a.Planted, b.Planted),
    };

    private static ImmutableArray<Tally> Sum(ImmutableArray<Tally> a, ImmutableArray<Tally> b) =>
        b.IsEmpty ? a : [.. a.Concat(b).GroupBy(t => t.Name, StringComparer.Ordinal).Select(g => new Tally(g.Key, g.Sum(t => t.Count))).OrderBy(t => t.Name, StringComparer.Ordinal)];
}

/// <summary>Counts one by one; the mutable side of <see cref="RunCounts"/>.</summary>
public sealed class RunCounter
{
    private readonly Dictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _intents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _planted = new(StringComparer.Ordinal);
    private long _accepted;
    private long _rejected;
    private long _failed;
    private long _retried;

    public long Done => _accepted + _rejected + _failed;

    public void Finished(string domain, string? intent, bool accepted, IEnumerable<string> reasons, string? plantedFault)
    {
        var where = accepted ? "accepted" : "rejected";
        if (accepted) _accepted++;
        else _rejected++;
        Up(_intents, $"{domain}/{intent}: {where}");
        foreach (var reason in reasons) Up(_reasons, reason);
        if (plantedFault is not null) Up(_planted, $"{plantedFault}: {where}");
    }

    public void Failed(string reason)
    {
        _failed++;
        Up(_reasons, reason);
    }

    /// <summary>An attempt that another one follows: it is not how its index ended.</summary>
    public void Retried(string? plantedFault)
    {
        _retried++;
        if (plantedFault is not null) Up(_planted, $"{plantedFault}: retried");
    }

    public RunCounts Counts() => new() { Accepted = _accepted, Rejected = _rejected, Failed = _failed, Retried = _retried, Reasons = Sorted(_reasons), Intents = Sorted(_intents), Planted = Sorted(_planted) };

    private static void Up(Dictionary<string, long> tallies, string name) => tallies[name] = tallies.GetValueOrDefault(name) + 1;

    private static ImmutableArray<Tally> Sorted(Dictionary<string, long> tallies) => [.. tallies.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new Tally(t.Key, t.Value))];
}
