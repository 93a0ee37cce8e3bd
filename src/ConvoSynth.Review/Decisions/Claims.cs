using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConvoSynth.Review.Decisions;

/// <summary>A reviewer's lease on a row.</summary>
internal sealed record Claim(string Row, string Reviewer, DateTimeOffset Until);

/// <summary>
/// Leases on rows that reviewers have open, so that two of them are not shown the same row next. A claim ends by itself: a browser that
/// was closed says nothing. A decision does not end it: a request that read the log before would hand the row out again. Claims are in a
/// small file, for browsers outlive a server that is started anew.
/// </summary>
public sealed class Claims
{
    /// <summary>How long a row stays with the reviewer who opened it.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;
    private readonly string? _path;
    private readonly Lock _turn = new();
    private readonly Dictionary<string, Claim> _claims = new(StringComparer.Ordinal);

    /// <param name="run">The path of the run folder; null to keep claims in memory alone.</param>
    public Claims(string? run, TimeProvider time)
    {
        _time = time;
        if (run is null)
            return;
        _path = Path.Combine(run, "review", "claims.json");
        foreach (var claim in Read(_path))
            _claims[claim.Row] = claim;
    }

    /// <summary>Claims a row, or extends the reviewer's own claim.</summary>
    /// <returns>The other reviewer who has it; null if the claim holds.</returns>
    public string? Take(string row, string reviewer)
    {
        lock (_turn)
        {
            if (Other(row, reviewer) is { } other)
                return other;
            var now = _time.GetUtcNow();
            _claims[row] = new(row, reviewer, now + Lease);
            foreach (var ended in _claims.Values.Where(c => c.Until <= now).ToArray())
                _claims.Remove(ended.Row);
            Keep();
            return null;
        }
    }

    /// <summary>The other reviewer who has the row; null if it is free.</summary>
    public string? Other(string row, string reviewer)
    {
        lock (_turn)
            return _claims.TryGetValue(row, out var held) && held.Reviewer != reviewer && held.Until > _time.GetUtcNow()
                ? held.Reviewer
                : null;
    }

    // A claim that is lost costs a row that two reviewers see: neither a full disk nor a torn file stops the work.
    private void Keep()
    {
        if (_path is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var partial = $"{_path}.{Environment.ProcessId}.partial";
            File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes([.. _claims.Values], ClaimJson.Default.ClaimArray));
            File.Move(partial, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // They hold in this process.
        }
    }

    private static Claim[] Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ClaimJson.Default.ClaimArray) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }
}

[JsonSerializable(typeof(Claim[]))]
internal sealed partial class ClaimJson : JsonSerializerContext;
