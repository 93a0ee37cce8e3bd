using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Silos;

/// <summary>Whether this silo is a member of the cluster and stays: a silo that leaves takes no new work.</summary>
internal sealed class Readiness(ISiloStatusOracle oracle, SiloExit exit) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            exit.Wanted.IsCompleted ? HealthCheckResult.Unhealthy("the silo leaves its cluster")
            : oracle.CurrentStatus == SiloStatus.Active ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"the silo is {oracle.CurrentStatus} in its cluster")
        );
}
