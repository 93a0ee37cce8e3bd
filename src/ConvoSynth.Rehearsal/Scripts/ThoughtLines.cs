namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>The agent's thoughts before a call. {0}: the tool, or for <see cref="Ahead"/> a name; {1}: values, as "order id #W1".</summary>
internal static class ThoughtLines
{
    public static readonly string[] Identity =
    [
        "Nothing is known of this person yet.",
        "I have to know who is writing.",
        "The policy wants the identity first of all.",
        "There is enough here to find the record.",
    ];

    public static readonly string[] Read =
    [
        "The answer depends on what the record says.",
        "I need the details to go on.",
        "I have only the human's words for it so far.",
        "What the policy says here hangs on the record.",
        "One more look is needed.",
    ];

    public static readonly string[] Write =
    [
        "Everything that this change needs is known.",
        "All details are settled.",
        "The record allows it, and the details are clear.",
        "Nothing is left to ask.",
    ];

    public static readonly string[] Transfer = ["None of my tools does this.", "A person has to take this on."];

    public static readonly string[] Again = ["The same call is right once more.", "It is worth another try with the same values."];

    public static readonly string[] Plan = ["I call {0}.", "So {0} is the tool.", "Next comes {0}.", "The call is {0}."];

    public static readonly string[] PlanWith =
    [
        "I call {0} with {1}.",
        "So {0} is the tool, with {1}.",
        "Next comes {0} for {1}.",
        "The call is {0}, and it takes {1}.",
    ];

    public static readonly string[] Objections =
    [
        "The policy does not allow this change.",
        "I must refuse this.",
        "The human has not confirmed this yet.",
        "This is not permitted here.",
        "I still need a yes to these details.",
    ];

    public static readonly string[] Ahead = ["The record is about {0}.", "I know already of {0}.", "It is {0} that matters here."];
}
