namespace ConvoSynth.Export.Losses;

/// <summary>What a trainer's format can say, of what a row may have.</summary>
[Flags]
internal enum Holds
{
    Nothing = 0,

    /// <summary>For each answer of the agent, whether it is learned from.</summary>
    Masks = 1,

    /// <summary>Several calls in one message.</summary>
    ParallelCalls = 2,

    /// <summary>Words beside calls, in one message.</summary>
    TextBesideCalls = 4,

    /// <summary>The agent's thoughts.</summary>
    Reasoning = 8,

    /// <summary>Which observation answers which call.</summary>
    CallIds = 16,

    /// <summary>Arguments that are no JSON object.</summary>
    TextArguments = 32,
}
