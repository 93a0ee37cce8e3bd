using ConvoSynth.Core;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Simulation.Accounts;

/// <summary>Loses, duplicates and delays the calls of holders, until it is calm.</summary>
internal sealed class AccountNetwork(SeededRandom random, double share) : ICallFates
{
    public bool IsCalm { get; set; }

    /// <summary>Whether no call arrives, while processes still reach the server.</summary>
    public bool IsCut { get; set; }

    public CallFate FateOf(GrainId? sender, GrainId target, string method) =>
        IsCut ? CallFate.LoseRequest
        : IsCalm || !random.Chance(share) ? CallFate.Deliver
        : random.Pick([CallFate.LoseRequest, CallFate.LoseResponse, CallFate.DeliverTwice, CallFate.DeliverLate]);

    public TimeSpan Lateness() => TimeSpan.FromMilliseconds(random.Chance(0.8) ? random.Between(1, 2_500) : random.Between(2_500, 90_000));
}
