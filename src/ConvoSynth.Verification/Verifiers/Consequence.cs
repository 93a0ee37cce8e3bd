using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>The reaction of the run to the faults of a finished dialogue.</summary>
public enum Consequence
{
    /// <summary>The row stands: accepted, undecided, a negative of the agent, or spoiled by a server.</summary>
    Stand,

    /// <summary>The simulated human spoiled the dialogue: the same blueprint is played again with another seed for the human.</summary>
    TryAgain,

    /// <summary>The blueprint is wrong, so rows of its family cannot be trusted.</summary>
    QuarantineFamily,

    /// <summary>The environment is wrong, so rows of its domain cannot be trusted.</summary>
    StopDomain,
}

/// <summary>Decides which fault of a dialogue counts: the deepest one, since those above it may follow from it.</summary>
public static class Consequences
{
    /// <summary>
    /// The consequence of a trajectory's verdicts. Only failed checks count; an undecided check accuses no party. The human's fault has
    /// no consequence at the last attempt that the run allows: the row stands with its reasons. It has none either if the endpoint is at
    /// fault too, since it may follow from that, and another seed meets the same server.
    /// </summary>
    public static Consequence Of(RunSpec spec, Trajectory trajectory)
    {
        if (!spec.ActsOnFaults)
            return Consequence.Stand;
        var worst = Consequence.Stand;
        var isRejected = trajectory.Status == RowStatus.Rejected;
        foreach (var verdict in trajectory.Verdicts)
        {
            if (verdict.Outcome != Outcome.Fail || !Counts(trajectory.Accept, isRejected, verdict))
                continue;
            if (Of(verdict.Fault) is var consequence && consequence > worst)
                worst = consequence;
        }

        return worst == Consequence.TryAgain && (trajectory.Attempt >= spec.FurtherAttempts || IsOfEndpoint(trajectory))
            ? Consequence.Stand
            : worst;
    }

    // A check that the profile ignores may still explain the rejection: the agent's failure may follow from the human's fault. It may not
    // reject other rows of a family, which the profile would accept.
    private static bool Counts(Profile accept, bool isRejected, Verdict verdict) =>
        verdict.Fault == Fault.Human ? isRejected
        // An opinion rejects its own row. Only what a check found rejects others.
        : verdict is { Kind: CheckKind.Judge, Fault: Fault.Blueprint } ? false
        : accept.Decides(verdict);

    private static bool IsOfEndpoint(Trajectory trajectory) =>
        trajectory.Verdicts.Any(v => v is { Outcome: Outcome.Fail, Fault: Fault.Endpoint });

    private static Consequence Of(Fault fault) =>
        fault switch
        {
            Fault.Human => Consequence.TryAgain,
            Fault.Blueprint => Consequence.QuarantineFamily,
            Fault.Environment => Consequence.StopDomain,
            _ => Consequence.Stand,
        };
}
