using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>The endpoints' quota for a run in a single process.</summary>
public sealed class LocalQuotaLeases : IQuotaLeases
{
    private readonly Dictionary<string, EndpointBuckets> _buckets = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly long _start;

    public LocalQuotaLeases(IEnumerable<EndpointSpec> endpoints, TimeProvider time, QuotaOptions? options = null)
    {
        options ??= new();
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        _time = time;
        _start = time.GetTimestamp();
        foreach (var endpoint in endpoints)
            _buckets.Add(endpoint.Name, new(endpoint, options, 0));
    }

    public ValueTask<QuotaBlock> Lease(string endpoint, int requests, long tokens, CancellationToken cancellationToken)
    {
        if (!_buckets.TryGetValue(endpoint, out var buckets))
            throw new ArgumentException($"no endpoint \"{endpoint}\" has quota here", nameof(endpoint));
        lock (buckets)
            return new(buckets.Lease(requests, tokens, _time.GetElapsedTime(_start).TotalSeconds));
    }
}
