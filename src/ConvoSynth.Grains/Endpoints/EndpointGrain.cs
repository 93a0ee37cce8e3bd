using ConvoSynth.Models.Quota;
using Orleans;

namespace ConvoSynth.Grains.Endpoints;

/// <summary>Owns an account for all silos, in memory: leases end by themselves, so a new activation only has to wait for that.</summary>
/// <param name="times">How long leases last; null for <see cref="LeaseTimes.Cluster"/>.</param>
public sealed class EndpointGrain(TimeProvider time, LeaseTimes? times = null) : Grain, IEndpointGrain
{
    private readonly long _start = time.GetTimestamp();
    private readonly AccountOwner _owner = new(new(), new(), times ?? LeaseTimes.Cluster, now: 0);

    public Task<Lease> Lease(LeaseCall call) => Task.FromResult(_owner.Lease(call, time.GetElapsedTime(_start).TotalSeconds));
}
