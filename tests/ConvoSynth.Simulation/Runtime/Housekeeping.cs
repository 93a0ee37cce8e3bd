using Orleans.Runtime;

namespace ConvoSynth.Simulation.Runtime;

/// <summary>
/// Turns that belong to no activation: actions of the clock or of a canceller. On a turn, an awaited call never continues inline, so
/// neither a timer's thread nor a canceller runs a caller's code.
/// </summary>
internal sealed class Housekeeping : ITurnOwner
{
    private readonly TurnQueue _turns;

    public Housekeeping(ClusterOptions options, RuntimeLog log) => _turns = new TurnQueue(this, options, log);

    public GrainId GrainId { get; } = GrainId.Create("runtime", "housekeeping");

    public long Serial => 0;

    public void Post(Action action) => _turns.Post(action);

    /// <summary>Completes when everything posted so far has run.</summary>
    public Task DoneAsync()
    {
        var done = new TaskCompletionSource();
        Post(done.SetResult);
        return done.Task;
    }

    public void Run(object turn) => ((Action)turn)();

    public void AfterTurn() { }
}
