using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>A tool call that the agent will make, with its arguments as text.</summary>
internal sealed record PlannedCall(string Tool, string Arguments);

/// <summary>A fault that a trial on an environment, or on the words, has shown to change the dialogue's effect or content.</summary>
internal sealed record FaultPlan(string Kind)
{
    /// <summary>Index of the request that the fault belongs to; -1 for none.</summary>
    public int Request { get; init; } = -1;

    /// <summary>
    /// Index of the gold action that is replaced, omitted, moved forward, or preceded or followed by <see cref="Calls"/>.
    /// </summary>
    public int Action { get; init; } = -1;

    /// <summary>The calls that the agent makes instead of that action, before it or after it.</summary>
    public ImmutableArray<PlannedCall> Calls { get; init; } = [];

    /// <summary>For a refusal: the agent's reason, completing "because …".</summary>
    public string? Reason { get; init; }

    /// <summary>For a refusal of two choices: whether the agent gives <see cref="Reason"/> for the first.</summary>
    public bool IsOfFirst { get; init; }

    /// <summary>The words that replace the right ones, or are added to them.</summary>
    public string? Words { get; init; }

    /// <summary>For a misstated value: the right text, and its replacement.</summary>
    public (string Right, string Wrong)? Stated { get; init; }

    /// <summary>Whether the human makes the fault, if both roles could.</summary>
    public bool ByHuman { get; init; }

    /// <summary>For an answer that is withheld: the output that no message of the agent may say.</summary>
    public ExpectedOutput? Unsaid { get; init; }

    /// <summary>The blueprint from which a human at fault speaks; null for the dialogue's own.</summary>
    public Blueprint? Instead { get; init; }
}
