using ConvoSynth.Models.Quota;
using Orleans;

namespace ConvoSynth.Grains.Endpoints;

/// <summary>The owner of an account's quota, permits of requests in flight and circuit. Key: the account.</summary>
[Alias("ConvoSynth.IEndpointGrain")]
public interface IEndpointGrain : IGrainWithStringKey
{
    /// <summary>Renews and leases; never waits for quota. A call that arrives twice or late changes nothing.</summary>
    [Alias("Lease"), ResponseTimeout(ResponseTimes.Short)]
    Task<Lease> Lease(LeaseCall call);
}
