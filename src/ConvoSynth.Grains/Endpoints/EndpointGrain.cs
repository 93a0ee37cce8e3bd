using ConvoSynth.Core;
using ConvoSynth.Models;
using Orleans;

namespace ConvoSynth.Grains;

/// <summary>
/// Keeps an endpoint's quota for the whole cluster and leases it in blocks. A new activation starts with full buckets, which hold a
/// moment of quota: losing an activation costs or gains no more than that.
/// </summary>
public sealed class EndpointGrain(TimeProvider time) : Grain, IEndpointGrain
{
    private readonly long _start = time.GetTimestamp();
    private EndpointSpec? _spec;
    private EndpointBuckets? _buckets;

    public Task<QuotaBlock> Lease(EndpointSpec spec, int requests, long tokens)
    {
        var now = time.GetElapsedTime(_start).TotalSeconds;
        // A resumed run may have other limits.
        if (_buckets is null || (_spec!.RequestsPerMinute, _spec.TokensPerMinute) != (spec.RequestsPerMinute, spec.TokensPerMinute))
            _buckets = new(spec, new(), now);
        _spec = spec;
        return Task.FromResult(_buckets.Lease(requests, tokens, now));
    }
}

/// <summary>
/// Leases the quota of a run's endpoints for one silo from the cluster; from local buckets before <see cref="Attach"/>.
/// </summary>
public sealed class ClusterQuotaLeases(IReadOnlyList<EndpointSpec> endpoints, TimeProvider time) : IQuotaLeases
{
    private readonly LocalQuotaLeases _local = new(endpoints, time);
    private volatile IGrainFactory? _grains;

    /// <summary>Leases from the cluster's endpoint grains from now on.</summary>
    public void Attach(IGrainFactory grains) => _grains = grains;

    public ValueTask<QuotaBlock> Lease(string endpoint, int requests, long tokens, CancellationToken cancellationToken) =>
        _grains is { } grains
            ? new(grains.GetGrain<IEndpointGrain>(endpoint).Lease(endpoints.First(e => e.Name == endpoint), requests, tokens))
            : _local.Lease(endpoint, requests, tokens, cancellationToken);
}
