using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Tests;

/// <summary>A grain whose methods do what the test says.</summary>
public interface IProbe : IGrainWithStringKey
{
    Task<string> Do(string step, CancellationToken cancellationToken = default);

    [AlwaysInterleave]
    Task<string> Peek(string step);

    [ReadOnly]
    Task<string> Read(string step);

    [ResponseTimeout("00:00:05")]
    Task<string> Brief(string step);

    Task Act(string step);

    ValueTask<string> DoValue(string step);

    ValueTask ActValue(string step);

    IAsyncEnumerable<string> Each(string step, CancellationToken cancellationToken = default);
}

public interface IPlainProbe : IProbe;

public interface IReentrantProbe : IProbe;

public interface IWorkerProbe : IProbe;

/// <summary>What probes do, by step name; and what they did.</summary>
public sealed class Script
{
    public Dictionary<string, Func<ProbeGrain, CancellationToken, Task<string>>> Steps { get; } = new(StringComparer.Ordinal)
    {
        ["key"] = (probe, _) => Task.FromResult(probe.GetPrimaryKeyString()),
        ["number"] = (probe, _) => Task.FromResult(probe.Number.ToString()),
    };

    public Dictionary<string, Func<ProbeGrain, CancellationToken, IAsyncEnumerable<string>>> Sequences { get; } = new(StringComparer.Ordinal);

    public Func<ProbeGrain, CancellationToken, Task> OnActivate { get; set; } = (_, _) => Task.CompletedTask;

    public Func<ProbeGrain, DeactivationReason, CancellationToken, Task> OnDeactivate { get; set; } = (_, _, _) => Task.CompletedTask;

    public Action OnConstruct { get; set; } = () => { };

    public List<string> Log { get; } = [];

    public int Constructed { get; set; }

    /// <summary>A step that logs its beginning, waits until the gate is opened, and logs its end.</summary>
    public TaskCompletionSource Gate(string step)
    {
        var gate = new TaskCompletionSource();
        Steps[step] = async (probe, _) =>
        {
            Log.Add($"{step} begins");
            await gate.Task;
            Log.Add($"{step} ends");
            return step;
        };
        return gate;
    }

    /// <summary>A step that logs itself.</summary>
    public void Note(string step) => Steps[step] = (_, _) =>
    {
        Log.Add(step);
        return Task.FromResult(step);
    };
}

public abstract class ProbeGrain : Grain, IProbe
{
    private readonly Script _script;

    protected ProbeGrain(Script script)
    {
        _script = script;
        Number = ++script.Constructed;
        script.OnConstruct();
    }

    /// <summary>Which of the probes constructed so far this is, from 1.</summary>
    public int Number { get; }

    public IGrainFactory Grains => GrainFactory;

    public IServiceProvider Services => ServiceProvider;

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _script.OnActivate(this, cancellationToken);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _script.OnDeactivate(this, reason, cancellationToken);

    public Task<string> Do(string step, CancellationToken cancellationToken = default) => _script.Steps[step](this, cancellationToken);

    public Task<string> Peek(string step) => Do(step, default);

    public Task<string> Read(string step) => Do(step, default);

    public Task<string> Brief(string step) => Do(step, default);

    public Task Act(string step) => Do(step, default);

    public async ValueTask<string> DoValue(string step) => await Do(step, default);

    public async ValueTask ActValue(string step) => await Do(step, default);

    public IAsyncEnumerable<string> Each(string step, CancellationToken cancellationToken = default) => _script.Sequences[step](this, cancellationToken);

    public void EndWhenIdle() => DeactivateOnIdle();

    public void Keep(TimeSpan time) => DelayDeactivation(time);
}

[PreferLocalPlacement]
public sealed class PlainProbeGrain(Script script) : ProbeGrain(script), IPlainProbe, IDisposable
{
    private readonly Script _script = script;

    public void Dispose() => _script.Log.Add("disposed");
}

[Reentrant]
public sealed class ReentrantProbeGrain(Script script) : ProbeGrain(script), IReentrantProbe;

[StatelessWorker(2)]
public sealed class WorkerProbeGrain(Script script) : ProbeGrain(script), IWorkerProbe;
