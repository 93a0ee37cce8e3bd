using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>Where each grain is active: at most one target per grain, or for a stateless worker one per silo.</summary>
internal sealed class ActivationDirectory(ClusterRuntime runtime)
{
    private readonly Dictionary<(GrainId, Silo?), CallTarget> _targets = [];

    public bool IsEmpty => _targets.Count == 0;

    public CallTarget? Find(GrainId id, GrainClass grainClass, Silo caller) =>
        _targets.GetValueOrDefault((id, grainClass.MaxWorkers > 0 ? caller : null));

    public CallTarget Add(GrainId id, GrainClass grainClass, Silo caller)
    {
        if (grainClass.MaxWorkers == 0)
            return _targets[(id, null)] = new Activation(runtime, grainClass, id, runtime.Silos.For(grainClass, caller), null);
        return _targets[(id, caller)] = new StatelessWorkers(runtime, grainClass, id, caller);
    }

    /// <summary>Removes a target unless another has replaced it.</summary>
    public void Remove(GrainId id, CallTarget target)
    {
        var key = (id, (target as StatelessWorkers)?.Silo);
        if (ReferenceEquals(_targets.GetValueOrDefault(key), target))
            _targets.Remove(key);
    }

    /// <summary>
    /// The activations that match, evaluated and returned in the order of their creation and never in the order of a hash.
    /// </summary>
    public List<Activation> Activations(Predicate<Activation> which)
    {
        var activations = new List<Activation>();
        foreach (var target in _targets.Values)
            target.AddActivationsTo(activations);
        activations.Sort(static (a, b) => a.Serial.CompareTo(b.Serial));
        return activations.FindAll(which);
    }
}
