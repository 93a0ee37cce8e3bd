namespace ConvoSynth.Core.Dialogues;

/// <summary>The marks with which the simulated human ends a dialogue, as they stand in its last message.</summary>
public static class StopMarks
{
    /// <summary>The human says this when done (tau-bench's convention).</summary>
    public const string Stop = "###STOP###";

    /// <summary>The human says this when the task cannot go on (tau2-bench's convention).</summary>
    public const string OutOfScope = "###OUT-OF-SCOPE###";
}
