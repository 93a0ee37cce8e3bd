using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>A dialogue's task.</summary>
/// <param name="Epoch">The owner's epoch: sink and partition ignore a report with another.</param>
public sealed record DialogueWork(string RunId, int Partition, long Index, int Attempt, long Epoch)
{
    /// <summary>The domain of the index, for telemetry.</summary>
    public required string Domain { get; init; }

    /// <summary>The result of an attempt that failed.</summary>
    internal DialogueResult Failed(string error) =>
        new()
        {
            Index = Index,
            Attempt = Attempt,
            Epoch = Epoch,
            Error = error,
        };
}

/// <summary>Outcome of an attempt, for the sink alone: a trajectory or an error.</summary>
public sealed record DialogueResult
{
    public required long Index { get; init; }

    public required int Attempt { get; init; }

    public required long Epoch { get; init; }

    public Trajectory? Trajectory { get; init; }

    /// <summary>The planted fault, for the sink alone.</summary>
    public string? PlantedFault { get; init; }

    /// <summary>The model calls of this attempt, in order.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <summary>Why there is no trajectory.</summary>
    public string? Error { get; init; }

    /// <summary>Names of what was wrong, for counts; <see cref="Error"/> says it in words.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>Whether a replayed run recorded no further attempt, so that this one stands.</summary>
    public bool IsLastAttempt { get; init; }

    /// <summary>The consequence of this outcome for the run.</summary>
    public Consequence ConsequenceIn(RunSpec spec) =>
        Trajectory is { } trajectory
            ? Consequences.Of(spec, trajectory) is var consequence && consequence == Consequence.TryAgain && IsLastAttempt
                ? Consequence.Stand
                : consequence
            : Consequence.Stand;
}

/// <summary>A blueprint to make.</summary>
/// <param name="Epoch">Epoch of the owner for which it is made.</param>
public sealed record BlueprintWork(string RunId, int Partition, long Index, long Epoch);

/// <summary>A blueprint, or why there is none.</summary>
public sealed record BlueprintReply(Blueprint? Blueprint, string? Error)
{
    /// <summary>Why the dialogue ends without a row.</summary>
    public DialogueHalt? DialogueHalt { get; init; }

    /// <summary>The model calls made for it, also if they led to no blueprint.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    /// <inheritdoc cref="DialogueResult.Reasons"/>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The error is transient: ask again.</summary>
    public bool Again { get; init; }
}

/// <summary>A dialogue to verify.</summary>
public sealed record VerificationWork(string RunId, long Index, int Attempt, Blueprint Blueprint, Conversation Conversation);

/// <summary>A verified dialogue, or why it could not be verified.</summary>
public sealed record VerificationReply(Trajectory? Trajectory, string? Error);
