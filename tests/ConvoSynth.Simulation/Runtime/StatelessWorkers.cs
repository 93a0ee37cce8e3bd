using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// The activations of one stateless worker on a silo. A call goes to the first free one, to a new one, or to the least busy.
/// </summary>
internal sealed class StatelessWorkers(ClusterRuntime runtime, GrainClass grainClass, GrainId id, Silo silo) : CallTarget
{
    private readonly List<Activation> _workers = [];
    private bool _ended;

    public Silo Silo => silo;

    public override bool TryEnqueue(Request request)
    {
        if (silo.IsDead)
            return !silo.DeathIsKnown;

        // A worker that has just ended takes no request and is about to leave the list.
        while (!_ended)
        {
            var worker = Choose();
            if (worker.TryEnqueue(request))
                return true;
            _workers.Remove(worker);
        }

        return false;
    }

    public void Remove(Activation worker)
    {
        _workers.Remove(worker);
        _ended = _workers.Count == 0;
        if (_ended)
            runtime.Directory.Remove(id, this);
    }

    public override void AddActivationsTo(List<Activation> activations) => activations.AddRange(_workers);

    private Activation Choose()
    {
        Activation? least = null;
        foreach (var worker in _workers)
        {
            if (worker.Load == 0)
                return worker;
            if (least is null || worker.Load < least.Load)
                least = worker;
        }

        if (least is not null && _workers.Count >= grainClass.MaxWorkers)
            return least;
        var added = new Activation(runtime, grainClass, id, silo, this);
        _workers.Add(added);
        return added;
    }
}
