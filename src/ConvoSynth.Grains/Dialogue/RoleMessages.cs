using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>Initial state of a role.</summary>
public sealed record RoleOpening(string RunId, long Index, int Attempt, Blueprint Blueprint)
{
    public int Partition { get; init; }

    /// <summary>Epoch of the owner for which the dialogue is played: journals refuse an earlier one than the latest.</summary>
    public long Epoch { get; init; }
}

/// <summary>The messages that a role has not seen yet.</summary>
/// <param name="Turn">Number of messages that the role has sent before; the same turn gets the same answer.</param>
public sealed record RoleTurn(int Turn, ImmutableArray<Message> Heard)
{
    /// <value>
    /// Initial state, sent when a conversation is replayed from its start. A role without it, from this or an earlier turn, replies
    /// <see cref="RoleReply.Forgot"/>.
    /// </value>
    public RoleOpening? Opening { get; init; }
}

/// <summary>A role's answer to a turn.</summary>
public sealed record RoleReply
{
    /// <summary>The model's answer; null if the role has none.</summary>
    public ModelResponse? Response { get; init; }

    /// <summary>The recorded dialogue has no further turn.</summary>
    public bool EndOfRecord { get; init; }

    /// <summary>Why there is no answer: the model's exception as text.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the dialogue ends here because of an error or a halt.</summary>
    [JsonIgnore]
    public bool HasNoAnswer => Error is not null || DialogueHalt is not null;

    /// <summary>The error is transient: ask the same turn again.</summary>
    public bool Again { get; init; }

    /// <summary>
    /// Why the dialogue ends without a row. After fencing, it ends only if no later owner has taken this dialogue over meanwhile.
    /// </summary>
    public DialogueHalt? DialogueHalt { get; init; }

    /// <summary>This activation does not know the conversation: replay it from the first turn.</summary>
    public bool Forgot { get; init; }
}
