using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Serve.Tasks;

/// <summary>A task that episodes are about. What is here may be shown to a client: nothing tells the solution.</summary>
internal sealed record ServedTask
{
    /// <summary>The name under which a client asks for the task.</summary>
    public required string Id { get; init; }

    public required string Domain { get; init; }

    /// <summary>The place in the run or in the sampling, which with the seed decides the human's script.</summary>
    public required long Index { get; init; }

    public required string Split { get; init; }

    public required string Intent { get; init; }

    public required string Slice { get; init; }

    /// <summary>Names of the tools on offer, in order; equal lists are one instance.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>
    /// How many moves the agent of a recorded dialogue makes: calls, and messages without a call. The episode ends after so many.
    /// </summary>
    /// <value>Null by default: the task has no record.</value>
    public int? RecordedMoves { get; init; }

    /// <summary>Reads the blueprint; only tasks in play are held.</summary>
    public required Func<Blueprint> Blueprint { get; init; }
}
