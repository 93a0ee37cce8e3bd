using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Blueprints;

/// <summary>Why a proposed task will not do.</summary>
/// <param name="Check">The stage and what it found, as <c>stage.reason</c>: <c>execution.row</c>.</param>
/// <param name="Message">A sentence for the proposer.</param>
public sealed record ProposalFault(string Check, string Message)
{
    [JsonIgnore]
    public string Stage => Check[..Check.IndexOf('.', StringComparison.Ordinal)];
}

/// <summary>A proposal that was refused.</summary>
public sealed record RefusedProposal(ImmutableArray<ProposalFault> Faults);

/// <summary>How a task came about that a language model proposed.</summary>
public sealed record ProposalRecord
{
    /// <summary>The proposer's endpoint.</summary>
    public required string Model { get; init; }

    /// <summary>The proposals before the accepted one, in order; empty if the first was right.</summary>
    public ImmutableArray<RefusedProposal> Refused { get; init; } = [];

    /// <summary>Names of the examples that the proposer was shown.</summary>
    public ImmutableArray<string> Examples { get; init; } = [];
}
