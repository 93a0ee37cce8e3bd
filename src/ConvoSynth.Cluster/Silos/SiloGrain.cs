using ConvoSynth.Core.Campaigns;
using Orleans;

namespace ConvoSynth.Cluster.Silos;

/// <inheritdoc cref="ISiloGrain"/>
[OnNamedSilo]
internal sealed class SiloGrain(RunAcceptance acceptance, RunKeeper keeper, SiloExit exit) : Grain, ISiloGrain
{
    public Task<string?> Problem(RunSpec spec, bool probes) => acceptance.Problem(spec, probes);

    public Task Keep(string runId)
    {
        keeper.Wake();
        return Task.CompletedTask;
    }

    public Task Leave(string reason, bool isError)
    {
        exit.Leave(reason, isError);
        return Task.CompletedTask;
    }
}
