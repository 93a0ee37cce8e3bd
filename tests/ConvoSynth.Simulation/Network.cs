using ConvoSynth.Core;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Simulation;

/// <summary>Loses, duplicates and delays calls between grains. Calls from a client always arrive.</summary>
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

    // Mostly shorter than the caller's timeout, sometimes longer.
    public TimeSpan Lateness() => TimeSpan.FromMilliseconds(random.Chance(0.7) ? random.Between(1, 5_000) : random.Between(5_000, 90_000));
}
