using ConvoSynth.Contracts.Tests.Probes;

namespace ConvoSynth.Contracts.Tests.Harness;

/// <summary>
/// Facts that hold on an Orleans silo and in the simulator. Each subclass has two empty subclasses, one per runtime. If the two runtimes
/// differ, the simulator is wrong.
/// </summary>
public abstract class Contract(IRuntimeUnderTest runtime)
{
    protected static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    protected Script Script { get; } = runtime.Scripts.New();

    protected Log Log => Script.Log;

    protected IClusterClient Grains => runtime.Grains;

    protected TimeProvider Time => runtime.Time;

    protected IPlainProbe Plain(string name = "a") => Grains.GetGrain<IPlainProbe>(Script.Key(name));

    protected IReentrantProbe Reentrant(string name = "a") => Grains.GetGrain<IReentrantProbe>(Script.Key(name));

    protected IWorkerProbe Worker(string name = "a") => Grains.GetGrain<IWorkerProbe>(Script.Key(name));

    protected IFleetingProbe Fleeting(string name = "a") => Grains.GetGrain<IFleetingProbe>(Script.Key(name));

    /// <inheritdoc cref="IRuntimeUnderTest.Settle"/>
    protected Task Settle(Task task) => runtime.Settle(task);

    protected async Task<T> Settle<T>(Task<T> task)
    {
        await runtime.Settle(task);
        return await task;
    }

    protected Task<T[]> Settle<T>(IEnumerable<Task<T>> tasks) => Settle(Task.WhenAll(tasks));

    protected Task Logged(string entry, int times = 1) => runtime.Settle(Log.Has(entry, times));

    /// <summary>The exception with which the task fails.</summary>
    protected async Task<Exception> Failure(Task task)
    {
        try
        {
            await runtime.Settle(task);
        }
        catch (Exception failure) when (task.IsCompleted)
        {
            return failure;
        }

        throw new InvalidOperationException("The task did not fail.");
    }

    /// <summary>
    /// Waits until all earlier calls to an active grain have arrived. Calls of one caller arrive in order, and an interleaving call does
    /// not wait for others.
    /// </summary>
    protected Task Received(IProbe grain) => Settle(grain.Peek("name"));

    /// <summary>Waits for several turns and ticks, measured by <paramref name="ticks"/> ticks of a timer on another probe.</summary>
    protected async Task Later(int ticks = 5)
    {
        var clock = Plain("clock");
        Script.Steps["clock"] = (probe, _) =>
        {
            var left = ticks;
            IGrainTimer? timer = null;
            timer = probe.RegisterGrainTimer(
                () =>
                {
                    if (--left == 0)
                    {
                        timer!.Dispose();
                        Log.Add("later");
                    }

                    return Task.CompletedTask;
                },
                new(Short, Short)
            );
            return Task.FromResult("");
        };
        var before = Log.Count("later");
        await Settle(clock.Do("clock"));
        await Logged("later", before + 1);
    }
}
