using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Core.Campaigns;

/// <summary>A name and its number of occurrences.</summary>
public sealed record Tally(string Name, long Count);

/// <summary>How the indexes of a run, or of a part of it, ended.</summary>
public sealed record RunCounts
{
    public static RunCounts Zero { get; } = new();

    public long Accepted { get; init; }

    public long Undecided { get; init; }

    public long Rejected { get; init; }

    public long Failed { get; init; }

    /// <summary>
    /// Attempts that another attempt followed. Each has a row, but <see cref="Done"/> counts the index's last attempt only.
    /// </summary>
    public long Retried { get; init; }

    /// <summary>Rejections by reason, ordered by name; a row with several reasons counts under each.</summary>
    public ImmutableArray<Tally> Reasons { get; init; } = [];

    /// <summary>Undecided rows by unsure check, ordered by name; a row with several counts under each.</summary>
    public ImmutableArray<Tally> UndecidedReasons { get; init; } = [];

    /// <summary>Accepted, undecided and rejected rows by intent, as <c>domain/intent: accepted</c>, ordered by name.</summary>
    public ImmutableArray<Tally> Intents { get; init; } = [];

    /// <summary>Planted faults by kind and status of their rows, as <c>kind: rejected</c>, ordered by name.</summary>
    public ImmutableArray<Tally> Planted { get; init; } = [];

    public long Done => Accepted + Undecided + Rejected + Failed;

    public static RunCounts operator +(RunCounts a, RunCounts b) =>
        new()
        {
            Accepted = a.Accepted + b.Accepted,
            Undecided = a.Undecided + b.Undecided,
            Rejected = a.Rejected + b.Rejected,
            Failed = a.Failed + b.Failed,
            Retried = a.Retried + b.Retried,
            Reasons = Sum(a.Reasons, b.Reasons),
            UndecidedReasons = Sum(a.UndecidedReasons, b.UndecidedReasons),
            Intents = Sum(a.Intents, b.Intents),
            Planted = Sum(a.Planted, b.Planted),
        };

    private static ImmutableArray<Tally> Sum(ImmutableArray<Tally> a, ImmutableArray<Tally> b) =>
        b.IsEmpty
            ? a
            :
            [
                .. a.Concat(b)
                    .GroupBy(t => t.Name, StringComparer.Ordinal)
                    .Select(g => new Tally(g.Key, g.Sum(t => t.Count)))
                    .OrderBy(t => t.Name, StringComparer.Ordinal),
            ];
}

/// <summary>Counts row by row; the mutable counterpart of <see cref="RunCounts"/>.</summary>
public sealed class RunCounter
{
    private readonly Dictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _undecidedReasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _intents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _planted = new(StringComparer.Ordinal);
    private long _accepted;
    private long _undecided;
    private long _rejected;
    private long _failed;
    private long _retried;

    public long Done => _accepted + _undecided + _rejected + _failed;

    /// <param name="status">Accepted, undecided or rejected: a constant of <see cref="RowStatus"/>.</param>
    /// <param name="reasons">Why the row is rejected or undecided.</param>
    public void Finished(string domain, string? intent, string status, IEnumerable<string> reasons, string? plantedFault)
    {
        if (status == RowStatus.Accepted)
            _accepted++;
        else if (status == RowStatus.Undecided)
            _undecided++;
        else
            _rejected++;
        Up(_intents, $"{domain}/{intent}: {status}");
        foreach (var reason in reasons)
            Up(status == RowStatus.Undecided ? _undecidedReasons : _reasons, reason);
        if (plantedFault is not null)
            Up(_planted, $"{plantedFault}: {status}");
    }

    public void Failed(string reason)
    {
        _failed++;
        Up(_reasons, reason);
    }

    /// <summary>Counts an attempt that another attempt follows; it does not decide how its index ended.</summary>
    public void Retried(string? plantedFault)
    {
        _retried++;
        if (plantedFault is not null)
            Up(_planted, $"{plantedFault}: retried");
    }

    public RunCounts Counts() =>
        new()
        {
            Accepted = _accepted,
            Undecided = _undecided,
            Rejected = _rejected,
            Failed = _failed,
            Retried = _retried,
            Reasons = Sorted(_reasons),
            UndecidedReasons = Sorted(_undecidedReasons),
            Intents = Sorted(_intents),
            Planted = Sorted(_planted),
        };

    private static void Up(Dictionary<string, long> tallies, string name) => tallies[name] = tallies.GetValueOrDefault(name) + 1;

    private static ImmutableArray<Tally> Sorted(Dictionary<string, long> tallies) =>
        [.. tallies.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new Tally(t.Key, t.Value))];
}
