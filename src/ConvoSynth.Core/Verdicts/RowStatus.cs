namespace ConvoSynth.Core.Verdicts;

/// <summary>
/// How a planned index ended, as its row states it; or that a further attempt followed, so that the row is not the index's last.
/// </summary>
public static class RowStatus
{
    public const string Accepted = "accepted";

    /// <summary>No check failed, but one is unsure: neither a positive nor a negative. The row waits for a judge or a person.</summary>
    public const string Undecided = "undecided";
    public const string Rejected = "rejected";

    /// <summary>An error instead of verdicts.</summary>
    public const string Failed = "failed";

    /// <summary>
    /// The simulated human broke its role and a further attempt followed. The row is among the rejected ones and does not count against
    /// the plan.
    /// </summary>
    public const string Retried = "retried";
}
