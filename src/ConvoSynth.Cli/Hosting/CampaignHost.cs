using System.Globalization;
using ConvoSynth.Cli.Telemetry;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Hosting;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Specs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;

namespace ConvoSynth.Cli.Hosting;

/// <summary>Runs one campaign on a silo in this process, watches it, and stops it cleanly on request.</summary>
/// <param name="onGrains">Receives the grain factory before the campaign begins.</param>
/// <param name="configuration">The silo's configuration; null for the working folder's.</param>
public sealed class CampaignHost(
    IRunSetups setups,
    RunFolders folders,
    TimeProvider time,
    Action<IGrainFactory>? onGrains = null,
    IConfiguration? configuration = null
)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    // Many times the pause of a machine that is busy, asleep or collecting garbage.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(5);

    public async Task<CampaignStatus> Run(
        RunSpec spec,
        CampaignWork work,
        Action<CampaignStatus> watch,
        CancellationToken cancellationToken
    )
    {
        var runs = new KnownRuns(setups);
        runs.Add(spec);
        using var port = SiloPort.Take();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddConfiguration(configuration ?? SiloConfiguration.Read(null));
        HostLogging.AddSilo(builder.Logging);
        // The command handles signals: the host's default lifetime would intercept them.
        builder.Services.AddSingleton<IHostLifetime, DeafLifetime>();
        builder.Services.AddSingleton(time).AddSingleton<IRunCatalog>(runs).AddSingleton<IRunFolders>(folders);
        builder.AddLocalSilo(port);
        using var telemetry = OpenTelemetryExport.FromEnvironment(spec.RunId);
        using var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        onGrains?.Invoke(grains);
        try
        {
            return await Watch(grains.GetGrain<ICampaignGrain>(spec.RunId), work, watch, cancellationToken);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private async Task<CampaignStatus> Watch(
        ICampaignGrain campaign,
        CampaignWork work,
        Action<CampaignStatus> watch,
        CancellationToken cancellationToken
    )
    {
        var (heard, stopBefore, isStopped, isTold) = (time.GetTimestamp(), DateTimeOffset.MaxValue, false, false);
        while (true)
        {
            try
            {
                var status = await campaign.Status();
                heard = time.GetTimestamp();
                watch(status);
                if (status.Finished)
                    return status;
                if (cancellationToken.IsCancellationRequested && !isTold && status.InFlight > 0)
                {
                    // Partitions report dialogues in flight up to a second late, so a count of 0 is not reported.
                    isTold = true;
                    await Console.Error.WriteLineAsync($"waiting for {status.InFlight} in flight; press again to stop now");
                }

                // A new activation has lost its in-memory state.
                if (!status.Begun)
                    await campaign.Start(work);
                if (cancellationToken.IsCancellationRequested && !isStopped)
                {
                    // Dialogues in flight end and are committed; a second interrupt ends the process at once.
                    if (stopBefore == DateTimeOffset.MaxValue)
                        stopBefore = time.GetUtcNow() + StopLimit;
                    await campaign.Stop();
                    isStopped = true;
                }
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                // The outcome is unknown; the call is idempotent and may be retried.
                if (time.GetElapsedTime(heard) is var silence && silence < SilenceLimit)
                    continue;
                throw new CommandException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the run has not answered for {silence.TotalMinutes:0} minutes "
                            + $"({e.Message}); what was committed is safe, go on with --resume"
                    )
                );
            }

            if (time.GetUtcNow() > stopBefore)
                throw new CommandException("the dialogues in flight did not end in time; what was committed is safe, go on with --resume");
            await Task.Delay(Poll, time, CancellationToken.None);
        }
    }

    private sealed class DeafLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
