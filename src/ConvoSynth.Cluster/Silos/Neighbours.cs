using ConvoSynth.Core.Campaigns;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Silos;

/// <summary>What a silo says about a run.</summary>
/// <param name="Problem">Why it cannot play the run; null if it can.</param>
internal sealed record SiloAnswer(SiloAddress Silo, string? Problem);

/// <summary>The silos of the cluster, as this one knows them.</summary>
internal sealed class Neighbours(IGrainFactory grains, ISiloStatusOracle oracle)
{
    /// <summary>Whether this silo is the first in the order that all share: some work needs one silo, and any does.</summary>
    public bool IsFirst => Active().Min()!.Equals(oracle.SiloAddress);

    public SiloAddress Own => oracle.SiloAddress;

    /// <summary>Asks every silo; a silo that does not answer is about to be taken for dead, and is left out.</summary>
    public async Task<IReadOnlyList<SiloAnswer>> Ask(RunSpec spec, bool probes, IReadOnlySet<SiloAddress> except)
    {
        var answers = await Task.WhenAll(Active().Where(s => !except.Contains(s)).Select(s => Ask(s, spec, probes)));
        return [.. answers.OfType<SiloAnswer>()];
    }

    public Task Dismiss(SiloAddress silo, string reason) => Grain(silo).Leave(reason, isError: true);

    private IEnumerable<SiloAddress> Active() => oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.Union([oracle.SiloAddress]);

    private async Task<SiloAnswer?> Ask(SiloAddress silo, RunSpec spec, bool probes)
    {
        try
        {
            return new(silo, await Grain(silo).Problem(spec, probes));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return null;
        }
    }

    private ISiloGrain Grain(SiloAddress silo) => grains.GetGrain<ISiloGrain>(silo.ToParsableString());
}
