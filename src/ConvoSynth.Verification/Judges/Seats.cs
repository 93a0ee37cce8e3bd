using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;

namespace ConvoSynth.Verification.Judges;

/// <summary>A whole dialogue in the form that a judge gets.</summary>
/// <param name="Instruction">The human's notes.</param>
/// <param name="Changes">The changes of the dialogue to the database, one a line.</param>
public sealed record CommitteeQuestion(string Domain, string Instruction, string Changes, ImmutableArray<QuotedMessage> Messages)
{
    public static CommitteeQuestion Of(Trajectory trajectory) =>
        new(
            trajectory.Blueprint.Domain,
            trajectory.Blueprint.Instruction,
            trajectory.Diff.IsEmpty ? "(nothing)" : string.Join('\n', trajectory.Diff.Changes),
            Judging.Quoted(trajectory.Conversation, 0, trajectory.Conversation.Messages.Length)
        );
}

/// <summary>One judge's votes on a dialogue: 1 or 0 each, null for no vote.</summary>
/// <param name="Evidence">The reasons, with quotations; without votes, the error.</param>
public sealed record Ballot(int? Correctness, int? Completeness, int? Naturalness, string Evidence)
{
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    public static Ballot None(string why) => new(null, null, null, why);
}

/// <summary>
/// One seat of the committee. It answers single questions and votes on dialogues. Without a valid answer it has no vote.
/// </summary>
public interface IJudgeSeat : IJudge
{
    Task<Ballot> VoteAsync(CommitteeQuestion question, CancellationToken cancellationToken);
}
