using System.Collections.Concurrent;

namespace ConvoSynth.Review.Decisions;

/// <summary>
/// Leases on rows that reviewers have open, so that two of them are not shown the same row next. A claim ends by itself: a browser that
/// was closed says nothing. A decision does not end it: a request that read the log before would hand the row out again.
/// </summary>
public sealed class Claims(TimeProvider time)
{
    /// <summary>How long a row stays with the reviewer who opened it.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (string Reviewer, DateTimeOffset Until)> _claims = new(StringComparer.Ordinal);

    /// <summary>Claims a row, or extends the reviewer's own claim.</summary>
    /// <returns>The other reviewer who has it; null if the claim holds.</returns>
    public string? Take(string row, string reviewer)
    {
        var now = time.GetUtcNow();
        var held = _claims.AddOrUpdate(
            row,
            _ => (reviewer, now + Lease),
            (_, held) => held.Reviewer == reviewer || held.Until <= now ? (reviewer, now + Lease) : held
        );
        return held.Reviewer == reviewer ? null : held.Reviewer;
    }

    /// <summary>The other reviewer who has the row; null if it is free.</summary>
    public string? Other(string row, string reviewer) =>
        _claims.TryGetValue(row, out var held) && held.Reviewer != reviewer && held.Until > time.GetUtcNow() ? held.Reviewer : null;
}
