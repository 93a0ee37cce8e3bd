using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace ConvoSynth.Embedded.Measuring;

/// <summary>A grain that does nothing but answer.</summary>
public interface IEchoGrain : IGrainWithStringKey
{
    Task<string> Echo(string text);
}

internal sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<string> Echo(string text) => Task.FromResult(text);
}

/// <summary>What grain calls cost.</summary>
/// <param name="Calls">How many were made.</param>
/// <param name="CallsPerSecond">Over all callers together.</param>
/// <param name="BytesPerCall">Allocated by caller, runtime and grain together.</param>
public sealed record ThroughputFigures(long Calls, double CallsPerSecond, double BytesPerCall);

/// <summary>Measures grain calls in this process.</summary>
public static class EmbeddedThroughput
{
    /// <summary>
    /// Lets <paramref name="grains"/> callers, each with a grain of its own, call it <paramref name="callsPerGrain"/> times one after the
    /// other, after a tenth of that to warm up.
    /// </summary>
    public static async Task<ThroughputFigures> MeasureAsync(int grains, int callsPerGrain, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grains, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(callsPerGrain, 10);
        var services = new ServiceCollection();
        services.AddEmbeddedGrains(options =>
        {
            options.GrainAssemblies.Add(typeof(EchoGrain).Assembly);
            options.TimeProvider = time;
        });
        await using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IGrainFactory>();
        var echoes = Enumerable.Range(0, grains).Select(i => factory.GetGrain<IEchoGrain>($"echo-{i}")).ToArray();

        await CallAllAsync(echoes, callsPerGrain / 10);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var began = time.GetTimestamp();
        await CallAllAsync(echoes, callsPerGrain);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        var calls = (long)grains * callsPerGrain;
        return new ThroughputFigures(calls, calls / seconds, (double)allocated / calls);
    }

    private static Task CallAllAsync(IEchoGrain[] echoes, int calls) => Task.WhenAll(echoes.Select(async echo =>
    {
        // Off the caller's thread, so that the callers run side by side.
        await Task.Yield();
        for (var i = 0; i < calls; i++)
            await echo.Echo("text");
    }));
}
