namespace ConvoSynth.Rehearsal.Faults;

/// <summary>A call that fails and changes nothing; the agent makes the right one next.</summary>
/// <param name="Action">Index of the gold action that follows the failed call.</param>
/// <param name="Call">The failed call.</param>
internal sealed record SlipPlan(int Action, PlannedCall Call);
