namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>Phrases of both roles for the slices' situations.</summary>
internal static class SliceLines
{
    /// <summary>The human changes a wish when asked for a yes; {0}: the other value as a clause.</summary>
    public static readonly Lines ChangeOfMind = new(
        "Wait, I've changed my mind: {0}.",
        "Hold on, I'd rather have it otherwise: {0}.",
        "Actually, let me change that: {0}.",
        "Hm, wait. I've thought about it again: {0}.",
        "Sorry, not like that after all: {0}."
    )
    {
        Brief = ["Wait, change that: {0}.", "Change of plan: {0}."],
        Polite = ["I'm sorry, I have changed my mind: {0}.", "Forgive me, may I still change that? {0}."],
        Chatty = ["Oh dear, now that I see it written down, I'd like it otherwise: {0}."],
        Unsure = ["Um, wait. I think I'd rather have it like this: {0}."],
        Cross = ["No, wait, I want it differently: {0}."],
    };

    /// <summary>The agent makes sure that it has understood; {0}: the act.</summary>
    public static readonly Lines MakeSure = new(
        "Let me make sure that I have understood: you would like me to {0}?",
        "Just to be sure: I am to {0}, is that right?",
        "To check that I have it right: I should {0}?",
        "So I am to {0}. Is that what you want?"
    );

    /// <summary>The agent has no tool; {0}: the act.</summary>
    public static readonly Lines NoTool = new(
        "I'm sorry, I have no tool here with which I could {0}.",
        "Unfortunately, none of the tools that I have lets me {0}.",
        "I'm afraid that I have nothing at hand to {0} with.",
        "I'd like to help, but I have no tool at my disposal to {0}."
    );

    /// <summary>The agent has no tool so far; {0}: the act.</summary>
    public static readonly Lines NoToolYet = new(
        "I'm sorry, so far I have no tool here with which I could {0}.",
        "At the moment none of the tools that I have lets me {0}.",
        "I'm afraid that there is no tool among mine yet to {0} with.",
        "There is no tool here yet that would let me {0}."
    );

    /// <summary>The agent falls for a claim.</summary>
    public static readonly Lines AnException = new(
        "Thank you for telling me. In that case I'll make an exception.",
        "If it has been approved, then I can go ahead.",
        "I see, then that is settled."
    );

    /// <summary>The human puts a mistake right; {0}: the right value as a clause.</summary>
    public static readonly Lines Correction = new(
        "Oh, I said that wrong: {0}.",
        "No, I mixed that up, sorry: {0}.",
        "Ah, that was a mistake of mine: {0}.",
        "Hold on, I gave you that wrong: {0}."
    )
    {
        Brief = ["Wrong, sorry: {0}.", "My mistake: {0}."],
        Polite = ["I beg your pardon, I misspoke: {0}."],
        Unsure = ["Um, no, I got that wrong: {0}."],
    };

    /// <summary>The agent has not found the row.</summary>
    public static readonly Lines NotFound = new(
        "I'm sorry, I have gone through the list, and there is nothing of the kind in it.",
        "I have looked, but I find no such entry among yours.",
        "Unfortunately there is no such entry in your records."
    );

    /// <summary>The human asks the agent to look once more whether it can be done.</summary>
    public static readonly Lines LookAgain = new(
        "Could you have another look? Perhaps it works by now.",
        "Please look once more, I can wait a moment.",
        "Would you check again? It may be there now.",
        "I'd still like that. Could you try to find it once more?"
    )
    {
        Brief = ["Look again, please.", "Please check once more."],
        Polite = ["Would you be so kind as to look once more? I'm happy to wait."],
        Cross = ["Then please look again. I'm not giving up on this."],
    };

    /// <summary>The agent's tool stays out of order; {0}: the act.</summary>
    public static readonly Lines OutOfOrder = new(
        "I'm sorry, I tried to {0}, but the system reports an error, so nothing was changed.",
        "Unfortunately, my attempt to {0} failed: the system does not carry it out at the moment.",
        "I've tried to {0}, and the system returned an error. Nothing has been changed."
    );

    /// <summary>What the human wants is so already; {0}: the details.</summary>
    public static readonly Lines AlreadySo = new(
        "I've looked, and it is that way already: {0}. There is nothing left to change.",
        "Good news: that is on record already ({0}), so nothing needs to be done.",
        "This has been entered already: {0}. I don't have to change anything.",
        "I see that it is set like that already: {0}. No change is needed."
    );

    /// <summary>The agent gives up after one error.</summary>
    public static readonly string[] GivesUp =
    [
        "I'm sorry, the system returned an error, so this can't be done today.",
        "Unfortunately there was an error, and I can't do any more about it.",
    ];
}
