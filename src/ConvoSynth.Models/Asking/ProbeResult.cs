using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Asking;

/// <summary>The result of a probe.</summary>
/// <param name="Problem">Why the run cannot use the endpoint, as a sentence; null if it can.</param>
/// <param name="Calls">The calls that the probe made.</param>
public sealed record ProbeResult(string Endpoint, string? Problem, ImmutableArray<ModelCall> Calls)
{
    /// <summary>Findings that do not stop the run, each as a sentence.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>A role's longest first prompt in the run.</summary>
public sealed record FirstPrompt(string Role, string Endpoint, Prompt Prompt);
