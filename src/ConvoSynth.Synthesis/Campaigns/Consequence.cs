using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>What the faults of a finished dialogue ask for.</summary>
public enum Consequence
{
    /// <summary>The row stands: accepted, undecided, a negative of the agent's making, or spoiled by a server.</summary>
    Stand,

    /// <summary>The simulated human spoiled it: the same blueprint with another seed for the human.</summary>
    TryAgain,

    /// <summary>The blueprint is wrong: what its family says cannot be trusted.</summary>
    QuarantineFamily,

    /// <summary>The environment is wrong: what the domain says cannot be trusted.</summary>
    StopDomain,
}

/// <summary>Whose fault decides, where a dialogue has several: the one that lies deepest, since those above it may follow from it.</summary>
public static class Consequences
{
    /// <summary>
    /// The consequence of a trajectory's verdicts. Only what failed counts: an undecided check accuses nobody. The human's fault has none
    /// at the last attempt that the run allows: then the row stands with its reasons. It has none either where the endpoint is at fault, since what the
    /// human did may follow from that, and another seed has the same server.
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

    // A check that does not decide may still tell why a row was rejected: what the agent failed at may follow from the human's fault.
    // It may not reject other rows of a family, which the profile would accept.
    private static bool Counts(Profile accept, bool isRejected, Verdict verdict) =>
        verdict.Fault == Fault.Human ? isRejected : accept.Decides(verdict);

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
