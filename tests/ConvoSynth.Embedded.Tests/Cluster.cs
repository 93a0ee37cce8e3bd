using System.Runtime.ExceptionServices;
using System.Text.Json;
using ConvoSynth.Embedded.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Embedded.Tests;

/// <summary>Grains on the test's own thread, with the test's own clock: nothing happens but by <see cref="Run"/> and <see cref="Advance"/>.</summary>
public sealed class Cluster : IDisposable
{
    private readonly ServiceProvider _services;

    public Cluster(bool wire = false, ulong? seed = null, Action<EmbeddedGrainsOptions>? configure = null)
    {
        Scheduler = new SteppedScheduler(seed);
        var services = new ServiceCollection();
        services.AddSingleton(Script);
        services.AddScoped<ScopedService>();
        services.AddEmbeddedGrains(options =>
        {
            options.GrainAssemblies.Add(typeof(Cluster).Assembly);
            options.TimeProvider = Time;
            options.Scheduler = Scheduler;
            options.Wire = wire ? JsonSerializerOptions.Web : null;
            configure?.Invoke(options);
        });
        _services = services.BuildServiceProvider();
        Grains = _services.GetRequiredService<IClusterClient>();
        Host = _services.GetRequiredService<EmbeddedCluster>();
    }

    public FakeTime Time { get; } = new();

    public SteppedScheduler Scheduler { get; }

    public Script Script { get; } = new();

    public IClusterClient Grains { get; }

    public EmbeddedCluster Host { get; }

    public IProbe Plain(string key = "a") => Grains.GetGrain<IPlainProbe>(key);

    public IProbe Reentrant(string key = "a") => Grains.GetGrain<IReentrantProbe>(key);

    public IProbe Worker(string key = "a") => Grains.GetGrain<IWorkerProbe>(key);

    public void Run() => Scheduler.Run();

    /// <summary>Moves the clock and runs what falls due, step by step, so that what a timer starts can set timers of its own.</summary>
    public void Advance(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(50);
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            Time.Advance(left < step ? left : step);
            Run();
        }
    }

    /// <inheritdoc cref="SteppedScheduler.Client"/>
    public Task<T> Client<T>(Func<Task<T>> code) => Scheduler.Client(code);

    /// <summary>Runs until nothing is left to do; the task must then be done.</summary>
    public T Result<T>(Task<T> task)
    {
        Run();
        task.IsCompleted.Should().BeTrue("nothing is left to run");
        if (task.Exception is { } failure)
            ExceptionDispatchInfo.Throw(failure.InnerException!);
        if (task.IsCanceled)
            throw new TaskCanceledException(task);
#pragma warning disable VSTHRD002 // It has completed: nothing waits.
        return task.Result;
#pragma warning restore VSTHRD002
    }

    /// <summary>The failure of a task that is done when nothing is left to run.</summary>
    public Exception Failure(Task task)
    {
        Run();
        task.IsCompleted.Should().BeTrue("nothing is left to run");
        task.IsCompletedSuccessfully.Should().BeFalse();
        return task.IsCanceled ? new TaskCanceledException(task) : task.Exception!.InnerException!;
    }

    public void Dispose() => _services.Dispose();
}

/// <summary>A service whose lifetime is that of an activation.</summary>
public sealed class ScopedService(Script script) : IDisposable
{
    public void Dispose() => script.Log.Add("scope ended");
}
