using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Proposals;

/// <summary>An accepted task in the form of a proposal, to show a proposer what is wanted.</summary>
/// <param name="Name">The name of its blueprint.</param>
public sealed record ProposalExample(string Name, Proposal Task);

/// <summary>What one proposal begins with.</summary>
public sealed record ProposalContext
{
    /// <summary>The tools that the task should use.</summary>
    public required ImmutableArray<string> Tools { get; init; }

    /// <summary>Numbers of the clauses that the task should touch.</summary>
    public required ImmutableArray<string> Clauses { get; init; }

    /// <summary>The records that the task may be about, one a line.</summary>
    public required ImmutableArray<string> Records { get; init; }

    public required Persona Persona { get; init; }

    public required ImmutableArray<ProposalExample> Examples { get; init; }
}
