using ConvoSynth.Core;
using ConvoSynth.Grains.Endpoints;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;

namespace ConvoSynth.Simulation.Accounts;

/// <summary>A process that sends requests to a server whenever its account lets it.</summary>
internal sealed class SendingProcess
{
    private readonly LimitedServer _server;
    private readonly SeededRandom _random;
    private readonly TimeProvider _time;
    private readonly AccountHolder _holder;
    private readonly CancellationTokenSource _death = new();
    private readonly double _longest;

    /// <param name="name">Unique for each process that ever lived.</param>
    /// <param name="host">Its own clock among them; the server answers by <paramref name="time"/>.</param>
    public SendingProcess(
        string name,
        AccountLimits limits,
        (IGrainFactory Grains, LeaseTimes Times, TimeProvider Own) host,
        LimitedServer server,
        SeededRandom random,
        TimeProvider time
    )
    {
        (_server, _random, _time) = (server, random, time);
        var leases = new ClusterAccounts(host.Own, host.Times, name);
        leases.Attach(host.Grains);
        _holder = new(new("run", "account", limits), leases, new(), host.Own, NullLogger.Instance);
        // Some processes have short requests, others some that outlast a lease.
        _longest = random.Pick([0.5, 3, 20]);
    }

    public long Done { get; private set; }

    public void Work(int concurrency)
    {
        for (var i = 0; i < concurrency; i++)
            _ = SendAll();
    }

    /// <summary>Its requests end with it, since the server sees its connections close.</summary>
    public void Die()
    {
        _death.Cancel();
        _holder.Dispose();
    }

    private async Task SendAll()
    {
        while (!_death.IsCancellationRequested)
        {
            try
            {
                await SendOne();
            }
            catch (OperationCanceledException) when (!_death.IsCancellationRequested)
            {
                // Its lease ended: it is sent again.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SendOne()
    {
        using var use = await _holder.Take(1, 1, _death.Token);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_death.Token, use.LeaseEnd);
        _server.Begin();
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(0.05 + (_longest * _random.NextDouble())), _time, end.Token);
            Done++;
        }
        finally
        {
            _server.End();
        }
    }
}
