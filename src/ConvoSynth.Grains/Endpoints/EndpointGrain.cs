using ConvoSynth.Core;
using ConvoSynth.Models;
using Orleans;

namespace ConvoSynth.Grains;

/// <summary>
/// Keeps an endpoint's quota for the whole cluster and gives it out in blocks. A new activation begins with what may gather, so that the loss
/// of one costs a moment of quota at the most, in either direction.
/// </summary>
public sealed class EndpointGrain(TimeProvider time) : Grain, IEndpointGrain
{
    private readonly long _start = time.GetTimestamp();
    private EndpointSpec? _spec;
    private EndpointBuckets? _buckets;

    public Task<QuotaBlock> Lease(EndpointSpec spec, int requests, long tokens)
    {
        var now = time.GetElapsedTime(_start).TotalSeconds;
        // A run that is gone on with may come with other limits.
        if (_buckets is null || (_spec!.RequestsPerMinute, _spec.TokensPerMinute) != (spec.RequestsPerMinute, spec.TokensPerMinute))
            _buckets = new(spec, new(), now);
        _spec = spec;
        return Task.FromResult(_buckets.Lease(requests, tokens, now));
    }
}

/// <summary>The quota of a run's endpoints as one silo gets it from the cluster. While there is no cluster to ask yet, this process has it for itself.</summary>
public sealed class ClusterQuotaLeases(IReadOnlyList<EndpointSpec> endpoints, TimeProvider time) : IQuotaLeases
{
    private readonly LocalQuotaLeases _local = new(endpoints, time);
    private volatile IGrainFactory? _grains;

    /// <summary>From now on the cluster is asked.</summary>
    public void Attach(IGrainFactory grains) => _grains = grains;

    public ValueTask<QuotaBlock> Lease(string endpoint, int requests, long tokens, CancellationToken cancellationToken) =>
        _grains is { } grains
            ? new(grains.GetGrain<IEndpointGrain>(endpoint).Lease(endpoints.First(e => e.Name == endpoint), requests, tokens))
            : _local.Lease(endpoint, requests, tokens, cancellationToken);
}
