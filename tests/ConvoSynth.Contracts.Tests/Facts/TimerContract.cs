using ConvoSynth.Contracts.Tests.Harness;

namespace ConvoSynth.Contracts.Tests.Facts;

/// <summary>Facts about a timer of a probe.</summary>
public abstract class TimerContract(IRuntimeUnderTest runtime) : Contract(runtime)
{
    /// <summary>The most recently started timer.</summary>
    protected IGrainTimer? Timer { get; private set; }

    /// <summary>Makes the probe register a timer that logs its ticks; the step "stop" disposes it.</summary>
    protected Task<string> Start(Func<CancellationToken, Task> tick, GrainTimerCreationOptions options)
    {
        Script.Steps["start"] = (probe, _) =>
        {
            Timer = probe.RegisterGrainTimer(
                token =>
                {
                    probe.Log.Add("tick");
                    return tick(token);
                },
                options
            );
            return Task.FromResult("");
        };
        Script.Steps["stop"] = (_, _) =>
        {
            Timer!.Dispose();
            return Task.FromResult("");
        };
        return Settle(Plain().Do("start"));
    }
}
