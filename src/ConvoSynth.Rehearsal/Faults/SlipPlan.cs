namespace ConvoSynth.Rehearsal;

/// <summary>A call that fails and changes nothing; the agent makes the right one next.</summary>
/// <param name="Action">Index of the gold action before which it happens.</param>
/// <param name="Call">The call that fails.</param>
internal sealed record SlipPlan(int Action, PlannedCall Call);
