namespace ConvoSynth.Embedded.Runtime;

/// <summary>Ends activations that nothing was asked of for a while. Its timer runs only while there are activations.</summary>
internal sealed class ActivationCollector : IDisposable
{
    private readonly GrainRuntime _runtime;
    private readonly ITimer _timer;
    private int _armed;

    public ActivationCollector(GrainRuntime runtime)
    {
        _runtime = runtime;
        _timer = runtime.Time.CreateTimer(
            static state => ((ActivationCollector)state!).Collect(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called whenever an activation was made.</summary>
    public void Watch()
    {
        if (_runtime.Options.CollectionAge != Timeout.InfiniteTimeSpan && Interlocked.Exchange(ref _armed, 1) == 0)
            _timer.Change(_runtime.Options.CollectionQuantum, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        var now = _runtime.Time.GetTimestamp();
        var age = _runtime.Options.CollectionAge;
        foreach (var activation in _runtime.Directory.Activations(each => each.IsIdle(now, age)))
            activation.Collect(age);

        Volatile.Write(ref _armed, 0);
        if (!_runtime.Directory.IsEmpty)
            Watch();
    }
}
