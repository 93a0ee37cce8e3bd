using ConvoSynth.Grains;
using ConvoSynth.Grains.Hosting;
using ConvoSynth.Runs.Setups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace ConvoSynth.Benchmarks.Sections;

/// <summary>Grain calls on a silo in this process.</summary>
internal static class GrainsSection
{
    private const int Callers = 64;
    private const int CallsEach = 20_000;

    public static async Task Run(Inputs inputs)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IRunCatalog>(new KnownRuns(Campaigns.Setups()));
        using var port = SiloPort.Take();
        builder.AddLocalSilo(port);
        using var host = builder.Build();
        await host.StartAsync();
        try
        {
            // A campaign that has not begun answers from memory, so only the call itself is measured.
            var factory = host.Services.GetRequiredService<IGrainFactory>();
            var campaigns = Enumerable.Range(0, Callers).Select(i => factory.GetGrain<ICampaignGrain>($"campaign-{i}")).ToArray();
            await CallAll(campaigns, CallsEach / 10);
            var gauge = Gauge.Start();
            await CallAll(campaigns, CallsEach);
            var cost = gauge.Stop();

            const long Calls = (long)Callers * CallsEach;
            Console.WriteLine($"a silo in this process, {Callers} callers with a grain each, {Calls} calls");
            Console.WriteLine(
                $"  {Calls / cost.Wall.TotalSeconds:0} calls/s by the wall clock, {Calls / cost.Cpu.TotalSeconds:0} calls a second of CPU, "
                    + $"{cost.Bytes / Calls} B a call; {cost}"
            );
        }
        finally
        {
            await host.StopAsync();
        }
    }

    private static Task CallAll(ICampaignGrain[] campaigns, int calls) =>
        Task.WhenAll(
            campaigns.Select(async campaign =>
            {
                // Leaves the caller's thread, so that the callers run in parallel.
                await Task.Yield();
                for (var i = 0; i < calls; i++)
                    await campaign.Status();
            })
        );
}
