using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Judges;

/// <summary>A whole dialogue or a task in the form that a judge gets.</summary>
/// <param name="Instruction">The human's notes.</param>
/// <param name="Changes">The changes to the database, one a line: of the dialogue, or of the task's reference solution.</param>
public sealed record CommitteeQuestion(string Domain, string Instruction, string Changes, ImmutableArray<QuotedMessage> Messages)
{
    private const string NoChange = "(nothing)";
    private const int LongestObservation = 600;

    /// <summary>The task's tools and reference solution, if the question is about a task; null for a dialogue.</summary>
    public JudgedTask? Task { get; init; }

    /// <summary>The clause of the policy that has another text in this task; null for none.</summary>
    public Amendment? Amended { get; init; }

    public static CommitteeQuestion Of(Trajectory trajectory) =>
        new(
            trajectory.Blueprint.Domain,
            trajectory.Blueprint.Instruction,
            trajectory.Diff.IsEmpty ? NoChange : string.Join('\n', trajectory.Diff.Changes),
            Judging.Quoted(trajectory.Conversation, 0, trajectory.Conversation.Messages.Length)
        )
        {
            Amended = trajectory.Blueprint.Twist?.Amended,
        };

    /// <param name="pack">The pack of the task's database.</param>
    public static CommitteeQuestion Of(Blueprint blueprint, Pack pack)
    {
        var gold = blueprint.AcceptedEndStates.IsEmpty ? [] : blueprint.AcceptedEndStates[0].Diff.Changes;
        return new(blueprint.Domain, blueprint.Instruction, gold.IsEmpty ? NoChange : string.Join('\n', gold), [])
        {
            Task = new(
                string.Join('\n', pack.ToolsFor(blueprint).Select(t => $"- {t.Name}: {t.Description} {t.Parameters}")),
                string.Join('\n', Plan(blueprint))
            ),
            Amended = blueprint.Twist?.Amended,
        };
    }

    /// <summary>What evidence may quote.</summary>
    internal IReadOnlyList<string> Quotable() =>
        [.. Messages.Select(m => m.Text), Changes, .. Task is { } task ? [Instruction, task.Plan, task.Tools] : Array.Empty<string>()];

    private static IEnumerable<string> Plan(Blueprint blueprint)
    {
        for (var i = 0; i < blueprint.Actions.Length; i++)
        {
            var (action, seen) = (blueprint.Actions[i], blueprint.Actions[i].Observation);
            yield return $"{i + 1}. {action.Tool}({action.Arguments}) → "
                + (seen.Length <= LongestObservation ? seen : $"{seen[..LongestObservation]} …");
        }

        foreach (var output in blueprint.Outputs)
            yield return $"The agent must tell {output.Label}: {output.Value}";
        foreach (var refusal in blueprint.Refusals)
            yield return $"The agent must refuse {refusal.Tool}({refusal.Arguments}): {refusal.Clause}";
    }
}

/// <summary>What a task consists of beside the human's notes and the changes.</summary>
/// <param name="Tools">The tools that the agent is offered, one a line.</param>
/// <param name="Plan">The reference solution's calls with their results, what must be told and what must be refused, one a line.</param>
public sealed record JudgedTask(string Tools, string Plan);

/// <summary>One seat's vote on one criterion.</summary>
/// <param name="Met">1 or 0.</param>
/// <param name="Evidence">The reason, with a quotation of a message or of a line of the changes.</param>
public sealed record Mark(string Criterion, int Met, string Evidence);

/// <summary>One judge's votes on a dialogue or a task.</summary>
/// <param name="Marks">One for each criterion; empty without a valid answer.</param>
/// <param name="Problem">Why there is none; else null.</param>
public sealed record Ballot(ImmutableArray<Mark> Marks, string? Problem)
{
    public ImmutableArray<ModelCall> Calls { get; init; } = [];

    public static Ballot None(string why) => new([], why);

    public Mark? Of(Criterion criterion) => Marks.FirstOrDefault(m => m.Criterion == criterion.Name);
}

/// <summary>
/// One seat of the committee. It answers single questions and votes on dialogues and tasks, and learns nothing of the other seats.
/// Without a valid answer it has no vote.
/// </summary>
public interface IJudgeSeat : IJudge
{
    Task<Ballot> VoteAsync(CommitteeQuestion question, CancellationToken cancellationToken);
}
