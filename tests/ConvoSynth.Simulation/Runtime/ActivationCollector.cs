namespace ConvoSynth.Simulation.Runtime;

/// <summary>Collects idle activations. Its timer runs only while there are activations.</summary>
internal sealed class ActivationCollector : IDisposable
{
    private readonly ClusterRuntime _runtime;
    private readonly ITimer _timer;
    private bool _armed;

    public ActivationCollector(ClusterRuntime runtime)
    {
        _runtime = runtime;
        _timer = runtime.Time.CreateTimer(
            static state => ((ActivationCollector)state!).Collect(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Arms the timer; to be called for every new activation.</summary>
    public void Watch()
    {
        if (_armed)
            return;
        _armed = true;
        _timer.Change(_runtime.Options.CollectionQuantum, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        var now = _runtime.Time.GetTimestamp();
        foreach (var activation in _runtime.Directory.Activations(each => each.IsIdle(now)))
            activation.Collect();

        _armed = false;
        if (!_runtime.Directory.IsEmpty)
            Watch();
    }
}
