using ConvoSynth.Models.Quota;
using Orleans;

namespace ConvoSynth.Grains.Endpoints;

/// <summary>
/// Leases a silo's share of accounts from their grains; before <see cref="Attach"/> this process owns them, as a command does while it
/// probes its endpoints.
/// </summary>
/// <param name="times">Those of the silos' grains.</param>
/// <param name="silo">
/// The silo with its generation, so that holders of a silo that starts anew are new ones; empty for the only silo.
/// </param>
public sealed class ClusterAccounts(TimeProvider time, LeaseTimes times, string silo = "") : IAccountLeases
{
    private readonly LocalAccounts _local = new(time);
    private volatile IGrainFactory? _grains;

    public LeaseTimes Times => times;

    /// <summary>Leases from the cluster's grains from now on.</summary>
    public void Attach(IGrainFactory grains) => _grains = grains;

    // Each call looks the grain up anew: a kept reference may lead to an activation that has a successor.
    public ValueTask<Lease> Lease(string account, LeaseCall call, CancellationToken cancellationToken) =>
        _grains is { } grains
            ? new(grains.GetGrain<IEndpointGrain>(account).Lease(call with { Holder = $"{silo}/{call.Holder}" }))
            : _local.Lease(account, call, cancellationToken);
}
