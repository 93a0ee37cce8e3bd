using ConvoSynth.Core;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Simulation;

/// <summary>Loses, doubles and delays calls between grains. What a client of the process asks arrives.</summary>
internal sealed class Network(SeededRandom random, double share, Figures figures, Action<string>? note) : ICallFates
{
    public CallFate FateOf(GrainId? sender, GrainId target, string method)
    {
        if (sender is null || !random.Chance(share))
            return CallFate.Deliver;
        var fate = random.Pick([CallFate.LoseRequest, CallFate.LoseResponse, CallFate.DeliverTwice, CallFate.DeliverLate]);
        switch (fate)
        {
            case CallFate.LoseRequest:
                figures.CallsLost++;
                break;
            case CallFate.LoseResponse:
                figures.ResponsesLost++;
                break;
            case CallFate.DeliverTwice:
                figures.CallsDoubled++;
                break;
            default:
                figures.CallsLate++;
                break;
        }

        note?.Invoke($"  {fate}: {sender} -> {target} {method}");
        return fate;
    }

    // Mostly short enough for the caller to wait, sometimes longer than it does.
    public TimeSpan Lateness() => TimeSpan.FromMilliseconds(random.Chance(0.7) ? random.Between(1, 5_000) : random.Between(5_000, 90_000));
}
