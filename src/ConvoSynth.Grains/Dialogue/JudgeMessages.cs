using ConvoSynth.Core.Blueprints;
using ConvoSynth.Verification.Judges;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>The dialogue that a judge is asked about.</summary>
/// <param name="Epoch">Epoch of the owner for which it was played.</param>
public sealed record JudgeWork(string RunId, int Partition, long Index, int Attempt, long Epoch, string Domain)
{
    /// <summary>The database that the dialogue is about; null for the domain's one database.</summary>
    public World? World { get; init; }
}

/// <summary>One question to a judge.</summary>
public sealed record QuestionWork(JudgeWork About, JudgeQuestion Question);

/// <summary>A whole dialogue or a task to vote on.</summary>
public sealed record VoteWork(JudgeWork About, CommitteeQuestion Question);

/// <summary>A judge's answer or its ballot, depending on the call.</summary>
public sealed record JudgeReply
{
    /// <summary>Why the dialogue ends without a row.</summary>
    public DialogueHalt? DialogueHalt { get; init; }

    public JudgeAnswer? Answer { get; init; }

    public Ballot? Ballot { get; init; }

    /// <summary>Why there is neither.</summary>
    public string? Error { get; init; }

    /// <summary>The error is transient: ask again.</summary>
    public bool Again { get; init; }
}
