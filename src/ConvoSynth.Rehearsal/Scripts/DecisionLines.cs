namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>What a human says whose wish hangs on an answer.</summary>
internal static class DecisionLines
{
    /// <summary>Beside the question; {0}: the act that they have not decided on.</summary>
    public static readonly Lines Undecided = new(
        "Whether I {0} depends on that.",
        "Once I know that, I'll decide whether to {0}.",
        "I can't decide whether to {0} before I know that.",
        "I'll make up my mind whether to {0} when I've heard that."
    )
    {
        Brief = ["Then I'll decide whether to {0}.", "Whether I {0} depends on that."],
        Polite = ["It would help me to decide whether to {0}."],
        Unsure = ["I'm still in two minds whether to {0}, you see."],
    };

    /// <summary>The answer suits them; {0}: the wish as a clause.</summary>
    public static readonly Lines Decided = new(
        "In that case, {0}",
        "All right, then {0}",
        "Thank you, that settles it: {0}",
        "Good, that's what I needed to know. So {0}"
    )
    {
        Brief = ["Okay, then {0}", "Good. Then {0}"],
        Polite = ["Thank you very much for looking that up. In that case, {0}"],
        Chatty = ["Oh, that's just what I was hoping to hear! So {0}"],
    };

    /// <summary>The answer does not suit them.</summary>
    public static readonly Lines LeavesIt = new(
        "I see. Then I'll leave everything as it is.",
        "Hm, that's not what I had hoped for. Then I'll let it be.",
        "Thanks for checking. In that case I'd rather leave it at that.",
        "Ah, then it isn't worth it. I'll leave things as they are."
    )
    {
        Brief = ["Okay, then I'll leave it.", "Then let's leave it at that."],
        Polite = ["Thank you for looking that up. Then I'll leave everything as it is."],
        Chatty = ["Oh well, I had a feeling that it might be like that. Then I'll just leave it."],
        Cross = ["Then forget it. I'll leave it as it is."],
    };

    /// <summary>The agent asks for a yes before it has answered.</summary>
    public static readonly string[] AnswerFirst =
    [
        "Hold on, I asked you something first.",
        "Please answer my question first.",
        "I can't say before I have my answer.",
    ];

    /// <summary>After an answer that misleads them; {0}: the act.</summary>
    public static readonly string[] Then = ["In that case, please {0}.", "Good, then please {0}."];
}
