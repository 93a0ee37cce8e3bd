using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Models;

/// <summary>A question whose answer is a JSON object of a given shape.</summary>
public sealed record StructuredRequest
{
    public required CallKey Key { get; init; }

    /// <summary>The part that all questions share: it comes first, so that the provider's prompt cache applies.</summary>
    public required string System { get; init; }

    public required string User { get; init; }

    /// <summary>The answer's name, in letters and underscores: <c>verdict</c>.</summary>
    public required string SchemaName { get; init; }

    /// <summary>A JSON Schema in the strict subset: every object requires all its properties and allows no others.</summary>
    public required Json Schema { get; init; }

    /// <summary>What is wrong with an answer of the right shape, as a sentence; null if it is acceptable.</summary>
    public Func<Json, string?> Problem { get; init; } = static _ => null;

    /// <summary>Further calls after an unacceptable answer, each with the problem named.</summary>
    /// <value>2 by default; 0 to 5.</value>
    public int Repairs { get; init; } = 2;

    public IJournal? Journal { get; init; }
}

/// <summary>The answer to a <see cref="StructuredRequest"/>.</summary>
/// <param name="Value">Null if no answer was acceptable; then <paramref name="Problem"/> describes the last one.</param>
public sealed record StructuredResponse(Json? Value, string? Problem, ImmutableArray<ModelCall> Calls);

/// <summary>A model that answers in JSON. Safe for concurrent callers.</summary>
public interface IStructuredModel
{
    string Name { get; }

    /// <exception cref="TransientModelException">The endpoint could not answer this time.</exception>
    ValueTask<StructuredResponse> Ask(StructuredRequest request, CancellationToken cancellationToken);
}
