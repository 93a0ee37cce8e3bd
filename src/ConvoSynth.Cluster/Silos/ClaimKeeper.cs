using ConvoSynth.Cluster.Redis;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ConvoSynth.Cluster.Silos;

/// <summary>Keeps the cluster for this version while the silo runs.</summary>
internal sealed class ClaimKeeper(ClusterClaim claim, SiloExit exit, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Heartbeat = ClusterClaim.VersionLease / 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Heartbeat, time);
        while (true)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await claim.RequireVersion();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ClusterException e)
            {
                exit.Leave(e.Message, isError: true);
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                // Redis is away; silos go on without it, and the next beat asks again.
            }
        }
    }
}
