using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Models;

/// <summary>Identifies the dialogue of a request.</summary>
public readonly record struct DialogueKey(string Run, long Index, int Attempt)
{
    public override string ToString() => $"{Run}/{Index}/{Attempt}";
}

/// <summary>The roles that a model plays.</summary>
public enum ModelRole
{
    Human,
    Agent,
}

/// <summary>What a model may know when a dialogue begins.</summary>
/// <param name="Seed">The dialogue's seed; differs between attempts.</param>
/// <param name="Script">
/// The blueprint, for models that play a script (rehearsal, recorded). A language model never sees it: it gets messages only.
/// </param>
public sealed record DialogueOpening(DialogueKey Dialogue, ModelRole Role, Seed Seed, Blueprint Script);

/// <summary>One request for a role's next message.</summary>
public sealed record ModelRequest
{
    public required DialogueKey Dialogue { get; init; }

    public required ModelRole Role { get; init; }

    /// <summary>How many messages this role has sent so far.</summary>
    public required int Step { get; init; }

    /// <summary>The role's own instructions.</summary>
    public required string System { get; init; }

    /// <summary>The conversation as this role sees it; the human sees texts only, with its own as <c>assistant</c>.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>The tools offered; empty for the human.</summary>
    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Stores the answer before it is used; null for models that are functions of their requests.</summary>
    public IJournal? Journal { get; init; }

    /// <summary>What <see cref="IChatModel.Open"/> returned for this dialogue and role.</summary>
    public object? Session { get; init; }

    /// <inheritdoc cref="EndpointRequest.LendPermit"/>
    public Action? LendPermit { get; init; }
}

/// <summary>A model's next message.</summary>
public sealed record ModelResponse
{
    /// <summary>Role <c>assistant</c>: text, tool calls, or both.</summary>
    public required Message Message { get; init; }

    public required string Model { get; init; }

    public FinishReason Finish { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The endpoint's calls for this message; empty for a model without an endpoint.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>How the message came about; null if there is nothing to report.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// The label of a fault that a rehearsal model planted in this message. It goes to the sink, never to the verifier.
    /// </summary>
    public string? PlantedFault { get; init; }
}

/// <summary>A model behind a port. Safe for concurrent dialogues.</summary>
public interface IChatModel
{
    string Name { get; }

    /// <summary>
    /// Whether the model bounds each request itself: it times out each try, limits its retries, and does not count waits for quota. A
    /// caller of a model that does not must set its own timeout.
    /// </summary>
    /// <value>False by default.</value>
    bool KeepsTime => false;

    /// <summary>
    /// Prepares a dialogue; every request of the dialogue carries the result. Must be a function of the opening, so that it can be
    /// repeated.
    /// </summary>
    object? Open(DialogueOpening opening) => null;

    ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken);
}

/// <summary>The model could not answer this time; the same request may succeed later.</summary>
public sealed class TransientModelException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>All tries of the endpoint, if one was asked: the ledger has no call that lists them.</summary>
    public ImmutableArray<FailedTry> FailedTries { get; init; } = [];
}

/// <summary>The model has no further message: a recorded dialogue is at its end.</summary>
public sealed class EndOfRecordException() : Exception("the recorded dialogue has no more turns");
