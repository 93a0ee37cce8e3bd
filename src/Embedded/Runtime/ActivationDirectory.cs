using System.Collections.Concurrent;
using Orleans.Runtime;

namespace ConvoSynth.Embedded.Runtime;

/// <summary>Which grain is active where: at most one target a grain.</summary>
internal sealed class ActivationDirectory
{
    private readonly ConcurrentDictionary<GrainId, CallTarget> _targets = new();

    public bool IsEmpty => _targets.IsEmpty;

    public CallTarget? Find(GrainId id) => _targets.GetValueOrDefault(id);

    public CallTarget GetOrAdd(GrainReference reference) => _targets.GetOrAdd(
        reference.GrainId,
        static (id, reference) => reference.GrainClass.MaxWorkers > 0
            ? new StatelessWorkers(reference.Runtime, reference.GrainClass, id)
            : new Activation(reference.Runtime, reference.GrainClass, id, null),
        reference);

    public void Remove(GrainId id, CallTarget target) => _targets.TryRemove(KeyValuePair.Create(id, target));

    /// <summary>
    /// The activations that are so, asked and answered in the order of their creation, so that nothing follows the order of a hash.
    /// </summary>
    public List<Activation> Activations(Predicate<Activation> which)
    {
        var activations = new List<Activation>();
        foreach (var (_, target) in _targets)
            target.AddActivationsTo(activations);
        activations.Sort(static (a, b) => a.Serial.CompareTo(b.Serial));
        return activations.FindAll(which);
    }
}
