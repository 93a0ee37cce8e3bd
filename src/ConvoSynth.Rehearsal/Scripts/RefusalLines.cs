namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>What an agent says of conditions, refusals and what it can do instead.</summary>
internal static class RefusalLines
{
    /// <summary>{0}: the request, completing "I can't …"; {1}: the reason, completing "because …".</summary>
    public static readonly Lines Refuse = new(
        "I'm sorry, but I can't {0}, because {1}.",
        "Unfortunately, I can't {0}: {1}.",
        "I'm afraid I'm not able to {0}, because {1}.",
        "I've looked into it, and I'm sorry to say that I can't {0}. The reason is that {1}.",
        "I can't {0}, I'm afraid. That's because {1}.",
        "I'm sorry, I'm not allowed to {0}, since {1}.",
        "I wish I had better news: {1}, so I can't {0}."
    )
    {
        Brief = ["I can't {0}, because {1}.", "Sorry, I can't {0}: {1}."],
        Polite = ["I'm very sorry, but I am not able to {0}, because {1}.", "I do apologise, but I can't {0}, since {1}."],
    };

    /// <summary>{0}: the policy sentence.</summary>
    public static readonly string[] Clause =
    [
        "Our policy says: \"{0}\"",
        "The rule here is: \"{0}\"",
        "To quote our policy: \"{0}\"",
        "The relevant rule reads: \"{0}\"",
    ];

    /// <summary>The repeated refusal; {0} and {1} as before.</summary>
    public static readonly Lines RefuseAgain = new(
        "I understand that this is frustrating, but I can't {0}, because {1}.",
        "I'm sorry, I've no way around it: {1}.",
        "I really am sorry, but the answer stays the same, because {1}.",
        "I wish I could, but since {1}, I can't {0}.",
        "I hear you. Still, {1}, and that means I can't {0}.",
        "I'm afraid there is no exception to that: {1}."
    );

    /// <summary>The preferred branch holds; {0}: the condition.</summary>
    public static readonly string[] Holds =
    [
        "I've checked your condition, and it is met.",
        "I've looked it up: what you named first applies.",
        "What you hoped for applies.",
        "Your condition is fulfilled.",
        "I looked into it: the condition of your first choice holds.",
    ];

    /// <summary>The preferred branch does not hold, but is not forbidden: its condition is not met.</summary>
    public static readonly string[] HoldsNot =
    [
        "I've checked, and your first condition isn't met, so that leaves your alternative.",
        "I looked into it: your first condition doesn't apply here, so I'd go with the alternative.",
        "That isn't so here, which brings us to your other option.",
    ];

    public static readonly string[] Possible =
    [
        "I've checked, and it is possible.",
        "That works.",
        "Your first choice is possible.",
        "There is nothing in the way of your first choice.",
    ];

    public static readonly string[] NotPossible =
    [
        "I've checked, and your first choice isn't possible.",
        "Your first choice doesn't work, I'm afraid.",
        "Unfortunately, your first choice is out.",
    ];

    public static readonly string[] Instead =
    [
        "But I can do what you asked for instead.",
        "Let's turn to your alternative.",
        "That leaves your second choice.",
        "Your alternative is possible, though.",
    ];

    public static readonly Lines Else = new(
        "Is there anything else I can help you with?",
        "Can I do anything else for you?",
        "Is there anything else?",
        "What else can I do for you?",
        "Anything else I can help with today?",
        "Do you need anything else?",
        "Let me know if there's anything else."
    )
    {
        Brief = ["Anything else?"],
        Polite = ["Is there anything else I may help you with today?", "May I help you with anything else?"],
        Chatty = ["Was there anything else on your list?", "What else can I sort out for you?"],
    };

    /// <summary>Turning to the next of several requests.</summary>
    public static readonly string[] Turning =
    [
        "Now to the next thing you mentioned.",
        "On to your next request.",
        "Then there was the other point.",
        "Next, the other thing you asked for.",
        "And now for the other part.",
    ];
}
