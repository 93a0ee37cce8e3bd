namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>What an agent says where a fault or a slip is planted.</summary>
internal static class FaultyAgentLines
{
    /// <summary>A report without details, for an unplanned act.</summary>
    public static readonly string[] VagueReport =
    [
        "That's done for you now.",
        "I've taken care of it.",
        "It went through, so you're all set.",
        "All done, just as you asked.",
        "I've entered it, everything is in order.",
    ];

    public static readonly string[] ExtraReport =
    [
        "I also updated another entry of yours while I was at it.",
        "While I was there, I took care of one more thing on your account.",
        "I took the liberty of doing a bit more for you at the same time.",
    ];

    public static readonly string[] UndoneReport =
    [
        "I had to correct an entry along the way, but everything is in order now.",
        "There was a small slip on my side that I've already reversed.",
        "I briefly entered something else by mistake and put it back.",
    ];

    /// <summary>Reasons for a needless refusal, completing "because …".</summary>
    public static readonly string[] InventedReasons =
    [
        "our policy doesn't allow it",
        "this isn't possible for your account",
        "the system doesn't permit that at the moment",
        "such changes are not available for this one",
        "it is too late for that",
    ];

    /// <summary>A report of an action that was not taken, beside a true one; {0} completes "I went ahead to …".</summary>
    public static readonly string[] AlsoDone =
    [
        "I also went ahead to {0} for you, so that is done too.",
        "While I was at it, I took care to {0} as well; that's done.",
        "I was also able to {0}, which is now complete.",
    ];

    /// <summary>An answer without the requested value.</summary>
    public static readonly string[] NoAnswer =
    [
        "I've checked that for you, and everything looks fine.",
        "I've had a look, and it's all in order.",
        "You can see that in your account at any time.",
        "That is all noted on your record.",
    ];

    /// <summary>An answer retracted; {0}: the new one as a sentence, {1}: as a clause.</summary>
    public static readonly string[] Correction =
    [
        "Sorry, I have to correct myself. {0}",
        "Apologies, I misread that before. {0}",
        "Actually, I was wrong a moment ago: {1}",
    ];

    /// <summary>The response to a request that the agent does not take up.</summary>
    public static readonly string[] NotNow =
    [
        "That is nothing that I can look into right now, I'm afraid.",
        "I'm afraid that has to wait for another time.",
        "Let's leave that for another day, please.",
    ];

    public static readonly string[] StillThere =
    [
        "Are you still there?",
        "Hello, are you still with me?",
        "Just checking that you are still there.",
    ];

    /// <summary>Replaces a due report.</summary>
    public static readonly string[] NoReport = ["Thank you.", "Thanks for that.", "All right.", "Noted, thank you."];
}
