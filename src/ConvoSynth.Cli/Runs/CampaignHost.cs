using ConvoSynth.Cli.Commands;
using ConvoSynth.Cli.Telemetry;
using ConvoSynth.Core;
using ConvoSynth.Grains;
using ConvoSynth.Synthesis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans;

namespace ConvoSynth.Cli.Runs;

/// <summary>Runs one campaign on grains in this process, watches it, and stops it cleanly when asked to.</summary>
/// <param name="onGrains">Told of the grains before the campaign begins.</param>
public sealed class CampaignHost(IRunSetups setups, RunFolders folders, TimeProvider time, Action<IGrainFactory>? onGrains = null)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    public async Task<CampaignStatus> Run(RunSpec spec, CampaignWork work, Action<CampaignStatus> watch, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        // Warnings and errors of the grains; the error stream, so that output stays clean.
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter(level => level >= LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(time).AddSingleton(setups).AddSingleton<IRunFolders>(folders);
        builder.AddGrains();
        using var telemetry = OpenTelemetryExport.FromEnvironment(spec.RunId);
        using var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        onGrains?.Invoke(grains);
        try
        {
            return await Watch(grains.GetGrain<ICampaignGrain>(spec.RunId), spec, work, watch, cancellationToken);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private async Task<CampaignStatus> Watch(ICampaignGrain campaign, RunSpec spec, CampaignWork work, Action<CampaignStatus> watch, CancellationToken cancellationToken)
    {
        await campaign.Start(spec, work);
        var stopAt = DateTimeOffset.MaxValue;
        while (true)
        {
            var status = await campaign.Status();
            watch(status);
            if (status.Finished) return status;
            // The campaign's host may have died; a new activation waits to be told what it is.
            if (!status.Begun) await campaign.Start(spec, work);
            if (cancellationToken.IsCancellationRequested && stopAt == DateTimeOffset.MaxValue)
            {
                // What is in flight ends and is committed; a second interrupt of the terminal ends the process at once.
                stopAt = time.GetUtcNow() + StopLimit;
                await campaign.Stop();
            }

            if (time.GetUtcNow() > stopAt) throw new CommandException("the dialogues in flight did not end in time; what was committed is safe, go on with --resume");
            await Task.Delay(Poll, time, CancellationToken.None);
        }
    }
}
