using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>Which dialogue a request belongs to.</summary>
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

/// <summary>What a model may be told when a dialogue begins.</summary>
/// <param name="Seed">The dialogue's seed: differs between attempts.</param>
/// <param name="Script">
/// The blueprint, for models that play from a script (rehearsal, recorded). A language model never sees it: it gets messages only.
/// </param>
public sealed record DialogueOpening(DialogueKey Dialogue, ModelRole Role, Seed Seed, Blueprint Script);

/// <summary>One request for a role's next message.</summary>
public sealed record ModelRequest
{
    public required DialogueKey Dialogue { get; init; }

    public required ModelRole Role { get; init; }

    /// <summary>How many messages this role has sent before.</summary>
    public required int Step { get; init; }

    /// <summary>The role's own instructions.</summary>
    public required string System { get; init; }

    /// <summary>The conversation as this role sees it: the human sees texts only, with itself as <c>assistant</c>.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>The tools offered; empty for the human.</summary>
    public ImmutableArray<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Where the answer is kept before it is used; null for models that are functions of their requests.</summary>
    public IJournal? Journal { get; init; }

    /// <summary>What <see cref="IChatModel.Open"/> returned for this dialogue and role.</summary>
    public object? Session { get; init; }
}

/// <summary>A model's next message.</summary>
public sealed record ModelResponse
{
    /// <summary>Role <c>assistant</c>: text, tool calls, or both.</summary>
    public required Message Message { get; init; }

    public required string Model { get; init; }

    public FinishReason Finish { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The calls that were made for it, where an endpoint made it.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>How the message came about, where there is something to say.</summary>
    public string? Note { get; init; }

    /// <summary>The label of a fault that a rehearsal model planted in this message. Goes to the sink, never to the verifier.</summary>
    public string? PlantedFault { get; init; }
}

/// <summary>A model behind a port. Safe for many dialogues at once.</summary>
public interface IChatModel
{
    string Name { get; }

    /// <summary>
    /// Whether every request ends by itself: the model gives up a try that takes too long, tries again so often and no oftener, and counts no wait for quota. Whoever
    /// asks one that does not gives it up when it has not answered for long.
    /// </summary>
    /// <value>False by default.</value>
    bool KeepsTime => false;

    /// <summary>Prepares a dialogue; the result comes back in every request of it. It must be a function of the opening, so that it can be made again.</summary>
    object? Open(DialogueOpening opening) => null;

    ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken);
}

/// <summary>The model could not answer this time; the same request may well be answered when it is made again.</summary>
public sealed class TransientModelException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>All tries that were made, where an endpoint made them: the ledger has no call to find them in.</summary>
    public ImmutableArray<FailedTry> FailedTries { get; init; } = [];
}

/// <summary>The model has nothing more to say: a recorded dialogue is at its end.</summary>
public sealed class EndOfRecordException() : Exception("the recorded dialogue has no more turns");
