using ConvoSynth.Contracts.Tests.Harness;
using Orleans.Concurrency;
using Orleans.Placement;

namespace ConvoSynth.Contracts.Tests.Probes;

public abstract class Probe : Grain, IProbe, IDisposable
{
    private readonly Script _script;

    protected Probe(Scripts scripts)
    {
        var key = this.GetPrimaryKeyString();
        _script = scripts.Of(key);
        Name = key[(key.IndexOf('/') + 1)..];
        Number = _script.Constructed(Name);
        _script.OnConstruct(this);
    }

    /// <summary>The key without the number of the script.</summary>
    public string Name { get; }

    /// <summary>Number of this activation among those of its key, from 1.</summary>
    public int Number { get; }

    public IGrainFactory Grains => GrainFactory;

    public IServiceProvider Services => ServiceProvider;

    public Log Log => _script.Log;

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _script.OnActivate(this, cancellationToken);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _script.OnDeactivate(this, reason, cancellationToken);

    public Task<string> Do(string step, CancellationToken cancellationToken = default) => _script.Steps[step](this, cancellationToken);

    public Task<string> Peek(string step) => Do(step);

    public Task<string> Read(string step) => Do(step);

    public Task<string> Brief(string step) => Do(step);

    public Task<string> BriefUnless(string step, CancellationToken cancellationToken) => Do(step, cancellationToken);

    public Task Act(string step) => Do(step);

    public async ValueTask<string> DoValue(string step) => await Do(step);

    public async ValueTask ActValue(string step) => await Do(step);

    public IPlainProbe Other(string name) => GrainFactory.GetGrain<IPlainProbe>(_script.Key(name));

    public void EndWhenIdle() => DeactivateOnIdle();

    public void Keep(TimeSpan time) => DelayDeactivation(time);

    public void Dispose() => Log.Add($"{Name} disposed");
}

[PreferLocalPlacement]
public sealed class PlainProbe(Scripts scripts) : Probe(scripts), IPlainProbe;

[Reentrant]
public sealed class ReentrantProbe(Scripts scripts) : Probe(scripts), IReentrantProbe;

[StatelessWorker(Most)]
public sealed class WorkerProbe(Scripts scripts) : Probe(scripts), IWorkerProbe
{
    public const int Most = 2;
}

public sealed class FleetingProbe(Scripts scripts) : Probe(scripts), IFleetingProbe;
