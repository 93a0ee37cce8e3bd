using System.Collections.Immutable;

namespace ConvoSynth.Rehearsal.Faults;

// Faults of thoughts.
public static partial class FaultKinds
{
    /// <summary>The agent's thought plans a tool, and the agent calls another.</summary>
    public const string ThoughtOfAnotherTool = "thought-of-another-tool";

    /// <summary>The agent's thought names another row or choice than its call.</summary>
    public const string ThoughtOfAnotherValue = "thought-of-another-value";

    /// <summary>The agent's thought says that policy forbids a write, or that its yes is missing, and the agent makes it.</summary>
    public const string ThoughtAgainstTheCall = "thought-against-the-call";

    /// <summary>The agent's thought names what only the call's observation will show.</summary>
    public const string ThoughtAhead = "thought-ahead";

    /// <summary>The kinds that only a run with thoughts can have.</summary>
    public static ImmutableArray<string> OfThoughts => [ThoughtOfAnotherTool, ThoughtOfAnotherValue, ThoughtAgainstTheCall, ThoughtAhead];
}
