namespace ConvoSynth.Core;

/// <summary>How a planned index ended, as its row says it; or, of an attempt that another one followed, that it is not the index's own row.</summary>
public static class RowStatus
{
    public const string Accepted = "accepted";

    /// <summary>Nothing failed and a check could not tell: neither a positive nor a negative. It waits for a judge or a person.</summary>
    public const string Undecided = "undecided";
    public const string Rejected = "rejected";

    /// <summary>There is no verdict, but an error.</summary>
    public const string Failed = "failed";

    /// <summary>Spoiled by the simulated human, and tried again: kept among the rejected rows, and not counted against the plan.</summary>
    public const string Retried = "retried";
}
