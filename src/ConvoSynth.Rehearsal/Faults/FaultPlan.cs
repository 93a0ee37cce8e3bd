using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal;

/// <summary>A tool call as the agent will make it, arguments as text.</summary>
internal sealed record PlannedCall(string Tool, string Arguments);

/// <summary>A mistake that was tried on an environment, or on the words, and found to change what the dialogue does or says.</summary>
internal sealed record FaultPlan(string Kind)
{
    /// <summary>Index of the request in whose service it happens; -1 where it belongs to none.</summary>
    public int Request { get; init; } = -1;

    /// <summary>Index of the gold action that is replaced, left out, brought forward, or preceded or followed by <see cref="Calls"/>.</summary>
    public int Action { get; init; } = -1;

    /// <summary>The calls that the agent makes instead of that action, before it or after it.</summary>
    public ImmutableArray<PlannedCall> Calls { get; init; } = [];

    /// <summary>For a refusal: the reason that the agent gives, completing "because …".</summary>
    public string? Reason { get; init; }

    /// <summary>What is said in place of the right words, or beside them.</summary>
    public string? Words { get; init; }

    /// <summary>For a value that is stated wrongly: what it is in the right words, and what is said in its place.</summary>
    public (string Right, string Wrong)? Stated { get; init; }

    /// <summary>Whether the human makes the mistake, where both could.</summary>
    public bool ByHuman { get; init; }

    /// <summary>Where the mistake is that an answer is not given: the output that no message of the agent may say.</summary>
    public ExpectedOutput? Unsaid { get; init; }

    /// <summary>What the human is like who makes the mistake: the blueprint that the words are written from; null where it is the dialogue's own.</summary>
    public Blueprint? Instead { get; init; }
}
