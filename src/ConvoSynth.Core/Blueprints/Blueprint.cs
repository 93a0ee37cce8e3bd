using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.State;

namespace ConvoSynth.Core.Blueprints;

/// <summary>One call of the reference solution, executed when the blueprint was made.</summary>
public sealed record GoldAction
{
    public required string Tool { get; init; }

    /// <summary>A JSON object.</summary>
    public required Json Arguments { get; init; }

    public required bool Writes { get; init; }

    /// <summary>The text that the tool returned.</summary>
    public required string Observation { get; init; }
}

/// <summary>A state that a user would accept, as the diff from the patched base with generated values renamed.</summary>
/// <param name="Name">Distinguishes several accepted states: <c>gold</c>, <c>tie:…</c>.</param>
/// <param name="Writes">The successful writes that lead to it.</param>
public sealed record EndState(string Name, StateDiff Diff, ImmutableArray<PlannedWrite> Writes);

/// <summary>A write of an accepted plan.</summary>
public sealed record PlannedWrite(string Tool, Json Arguments);

/// <summary>
/// A typed value that the agent must report. <see cref="Accepted"/> holds every right answer (ties); <see cref="GroundedBy"/> is the
/// index of the gold action whose observation first shows or completes it.
/// </summary>
public sealed record ExpectedOutput(string Name, string Type, Json Value, ImmutableArray<Json> Accepted, int GroundedBy, string Label)
{
    /// <summary>For a foreign task: the text that its benchmark looks for, compared character by character.</summary>
    public string? Text { get; init; }
}

/// <summary>
/// A write that must not happen and must be refused. <see cref="Clause"/> is the policy sentence that forbids it,
/// <see cref="GroundedBy"/> the gold action whose observation shows that it applies.
/// </summary>
public sealed record ExpectedRefusal(string Tool, Json Arguments, string Clause, string Reason, int GroundedBy)
{
    /// <summary>
    /// Whether nothing forbids the write, but the state is already what it would make it. <see cref="Clause"/> is then empty.
    /// </summary>
    [JsonIgnore]
    public bool IsFulfilled => Clause.Length == 0;
}

/// <summary>A task: what the human wants and knows, and the reference solution.</summary>
public sealed record Blueprint
{
    /// <summary>Stable name of the task: <c>domain/seed/index</c>.</summary>
    public required string Id { get; init; }

    public required string Domain { get; init; }

    /// <summary>SHA-256 of the pack's sources and base tables.</summary>
    public required string PackHash { get; init; }

    /// <summary>The database that the task is about.</summary>
    /// <value>Null by default: the run has one database, which <see cref="PackHash"/> covers.</value>
    public World? World { get; init; }

    public required long Index { get; init; }

    public required string Seed { get; init; }

    public required string Intent { get; init; }

    /// <summary>
    /// The goal's form: <c>plain</c>, <c>condition</c>, <c>choice</c>, <c>computed</c>, <c>refusal</c>, joined by <c>+</c>.
    /// </summary>
    public required string Shape { get; init; }

    /// <summary>The kind of difficulty, one of <see cref="Slices.All"/>.</summary>
    public string Slice { get; init; } = Slices.Base;

    /// <summary>What the slice adds; null for a task that is all in its scenario.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Twist? Twist { get; init; }

    /// <summary>Shared by a task and its twins.</summary>
    public required string FamilyId { get; init; }

    /// <summary>Sum of required reads, branches, computed values and touched clauses.</summary>
    public int Depth { get; init; }

    public required Persona Persona { get; init; }

    /// <summary>Changes to the base before the dialogue; usually empty.</summary>
    public ImmutableArray<Change> Patch { get; init; } = [];

    public required Scenario Scenario { get; init; }

    /// <summary>The scenario as the text that the simulated human receives.</summary>
    public required string Instruction { get; init; }

    public required ImmutableArray<GoldAction> Actions { get; init; }

    public required ImmutableArray<EndState> AcceptedEndStates { get; init; }

    public ImmutableArray<ExpectedOutput> Outputs { get; init; } = [];

    public ImmutableArray<ExpectedRefusal> Refusals { get; init; } = [];

    /// <summary>Names of the tools offered to the agent.</summary>
    public required ImmutableArray<string> AvailableTools { get; init; }

    /// <summary>Policy clauses whose guard held for a gold write.</summary>
    public ImmutableArray<string> ClausesHeld { get; init; } = [];

    /// <summary>Policy clauses whose guard a refused write violates.</summary>
    public ImmutableArray<string> ClausesBroken { get; init; } = [];

    public ImmutableArray<string> BenchmarkAdjacent { get; init; } = [];

    /// <summary>How a language model proposed the task; null for a task of the sampler or of a person.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProposalRecord? Proposal { get; init; }
}
