using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Core.Campaigns;

/// <summary>
/// The shares of the slices in a run, written as <c>base=0.3,changed-mind=0.2,…</c> or <c>all</c>. Shares count in relation to their sum.
/// </summary>
public sealed class SliceShares
{
    /// <summary>The text for a share of 0.3 of <see cref="Slices.Base"/> and equal shares of the others.</summary>
    public const string Every = "all";

    private const double BaseOfEvery = 0.3;

    private SliceShares(ImmutableArray<(string Slice, double Share)> all) => All = all;

    /// <summary>Each named slice with its share of the whole, in the order of <see cref="Slices.All"/>; the shares sum up to 1.</summary>
    public ImmutableArray<(string Slice, double Share)> All { get; }

    /// <exception cref="FormatException">The text names no shares; the message says why.</exception>
    public static SliceShares Parse(string text) => Read(text, out var problem) ?? throw new FormatException(problem);

    /// <summary>Why the text names no shares; null if it does.</summary>
    public static string? Problem(string text) => Read(text, out var problem) is null ? problem : null;

    /// <summary>The slice of one task: a function of the seed.</summary>
    public string Draw(Seed seed)
    {
        var at = seed.Random().NextDouble();
        foreach (var (slice, share) in All)
        {
            at -= share;
            if (at < 0)
                return slice;
        }

        return All[^1].Slice;
    }

    /// <summary>The text that <see cref="Parse"/> reads, each share to four decimals.</summary>
    public static string Spell(IEnumerable<(string Slice, double Share)> shares) =>
        string.Join(',', shares.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Slice}={s.Share:0.####}")));

    private static SliceShares? Read(string text, out string? problem)
    {
        problem = null;
        if (text == Every)
            return Of(Slices.All.ToDictionary(s => s, s => s == Slices.Base ? BaseOfEvery : (1 - BaseOfEvery) / (Slices.All.Length - 1)));
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [var slice, var number])
                problem = $"\"{part}\" of the slices is no share; write NAME=SHARE, such as changed-mind=0.1, or \"{Every}\"";
            else if (!Slices.All.Contains(slice, StringComparer.Ordinal))
                problem = $"there is no slice \"{slice}\"; there are {string.Join(", ", Slices.All)}";
            else if (
                !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) || share is not (>= 0 and <= 1000)
            )
                problem = $"the share of the slice {slice} is \"{number}\"; it must be a number from 0 to 1000";
            else if (!shares.TryAdd(slice, share))
                problem = $"the slice {slice} has two shares; give one";
            if (problem is not null)
                return null;
        }

        if (shares.Values.Sum() > 0)
            return Of(shares);
        problem = "all shares of the slices are 0; give at least one slice a share";
        return null;
    }

    private static SliceShares Of(Dictionary<string, double> shares)
    {
        var sum = shares.Values.Sum();
        return new([.. Slices.All.Where(s => shares.GetValueOrDefault(s) > 0).Select(s => (s, shares[s] / sum))]);
    }
}
