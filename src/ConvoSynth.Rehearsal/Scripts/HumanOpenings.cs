namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>How a human begins to say who they are and what they want.</summary>
internal static class HumanOpenings
{
    public static readonly string[] IdentityLeads =
    [
        "{0}.",
        "{0}.",
        "For the record, {0}.",
        "In case you need it, {0}.",
        "So that you can find me: {0}.",
        "{0}, by the way.",
    ];

    public static readonly string[] CountOfWishes =
    [
        "Two things, actually.",
        "I have a couple of things today.",
        "It's about more than one thing.",
        "There are a few things I need.",
    ];

    // Acts of the human, as opposed to the agent's.
    public static readonly string[] OwnActs = ["have ", "keep ", "get ", "be ", "collect ", "sign up ", "take ", "know ", "ask "];
}
