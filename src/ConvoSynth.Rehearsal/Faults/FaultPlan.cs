using System.Collections.Immutable;

namespace ConvoSynth.Rehearsal;

/// <summary>A tool call as the agent will make it, arguments as text.</summary>
internal sealed record PlannedCall(string Tool, string Arguments);

/// <summary>A mistake that was tried on an environment and found to change what the dialogue does.</summary>
internal sealed record FaultPlan(string Kind)
{
    /// <summary>Index of the request in whose service it happens; -1 where it belongs to none.</summary>
    public int Request { get; init; } = -1;

    /// <summary>Index of the gold action that is replaced, left out, brought forward or followed by <see cref="Calls"/>.</summary>
    public int Action { get; init; } = -1;

    /// <summary>The calls that the agent makes instead of that action, or after it.</summary>
    public ImmutableArray<PlannedCall> Calls { get; init; } = [];

    /// <summary>For a needless refusal: the reason that the agent gives, completing "because …".</summary>
    public string? Reason { get; init; }
}
