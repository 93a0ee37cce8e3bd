using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Prompts;

namespace ConvoSynth.Verification.Judges;

/// <summary>One question to a judge: the open point of a check, and the messages around it.</summary>
/// <param name="Check">The unsure check, as <c>stage.check</c>.</param>
/// <param name="Question">The point to decide, with the evidence of the check.</param>
public sealed record JudgeQuestion(string Check, string Question, ImmutableArray<QuotedMessage> Messages)
{
    /// <summary>The position among the questions about the dialogue, from 0.</summary>
    public int Number { get; init; }

    /// <summary>The human's notes: their wishes and knowledge. Empty if the judge does not get them.</summary>
    public string Notes { get; init; } = "";

    /// <summary>The clause of the policy that has another text in this task; null for none.</summary>
    public Amendment? Amended { get; init; }
}

/// <summary>A judge's answer.</summary>
/// <param name="Outcome"><see cref="Outcome.Pass"/> or <see cref="Outcome.Fail"/>; anything else leaves the verdict unsure.</param>
/// <param name="Evidence">The reason, in a sentence.</param>
public sealed record JudgeAnswer(Outcome Outcome, Fault Fault, string Evidence)
{
    /// <summary>The votes of several judges; empty if there is only one.</summary>
    public ImmutableArray<Vote> Votes { get; init; } = [];

    /// <summary>The model calls behind the answer.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];
}

/// <summary>Decides what a check cannot. By default no judge is registered: an unsure row is undecided and waits for a person.</summary>
public interface IJudge
{
    /// <summary>The judge's name in evidence.</summary>
    string Name { get; }

    Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken);
}

/// <summary>Puts unsure verdicts to a judge. All others bypass it, so no judge overrules a failed check.</summary>
public static class Judging
{
    /// <summary>Number of messages quoted before the message that a verdict points at; one more is quoted after it.</summary>
    public const int QuotedBefore = 5;

    private const string Kept = "Is the rule kept";
    private const string Broken = "Is the rule broken";

    public static JudgeQuestion QuestionOf(Verdict verdict, Conversation conversation)
    {
        var messages = conversation.Messages;
        var at = verdict.Message ?? messages.Length - 1;
        var from = verdict.Message is null ? 0 : Math.Max(0, at - QuotedBefore);
        var where = verdict.Message is null ? "in the whole chat" : $"at message {at}";
        return new(
            $"{verdict.Stage}.{verdict.Check}",
            $"{Kept} {where}? What the program could not decide: {verdict.Evidence}",
            Quoted(conversation, from, Math.Min(messages.Length, at + 2))
        );
    }

    /// <summary>The question with the answers exchanged: whether the rule is broken.</summary>
    internal static string AsBroken(string question) =>
        question.StartsWith(Kept, StringComparison.Ordinal) ? Broken + question[Kept.Length..] : question;

    /// <summary>The messages from one index up to another (exclusive), each with its calls.</summary>
    public static ImmutableArray<QuotedMessage> Quoted(Conversation conversation, int from, int to)
    {
        var quoted = ImmutableArray.CreateBuilder<QuotedMessage>(to - from);
        for (var i = from; i < to; i++)
        {
            var message = conversation.Messages[i];
            var calls = string.Join("\n", message.ToolCalls.Select(c => $"{c.Name}({c.Arguments})"));
            quoted.Add(new(i, message.Role, calls.Length == 0 ? message.Content ?? "" : $"{message.Content}\n{calls}".Trim()));
        }

        return quoted.ToImmutable();
    }

    /// <summary>The verdicts, with each unsure one replaced by the judge's finding; unchanged without a judge.</summary>
    /// <param name="task">The human's notes and the policy's other text, for the judge.</param>
    public static async Task<ImmutableArray<Verdict>> SettleAsync(
        ImmutableArray<Verdict> verdicts,
        Conversation conversation,
        Blueprint task,
        IJudge? judge,
        CancellationToken cancellationToken
    )
    {
        if (judge is null || !verdicts.Any(v => v.Outcome == Outcome.Unsure))
            return verdicts;
        var settled = verdicts.ToBuilder();
        var number = 0;
        for (var i = 0; i < settled.Count; i++)
        {
            if (settled[i].Outcome != Outcome.Unsure)
                continue;
            var answer = await judge.AskAsync(
                QuestionOf(settled[i], conversation) with
                {
                    Number = number++,
                    Notes = task.Instruction,
                    Amended = task.Twist?.Amended,
                },
                cancellationToken
            );
            if (!answer.Votes.IsEmpty)
                settled[i] = settled[i] with { Votes = answer.Votes };
            if (answer.Outcome is Outcome.Pass or Outcome.Fail)
            {
                settled[i] = settled[i] with
                {
                    Outcome = answer.Outcome,
                    Fault = answer.Outcome == Outcome.Fail ? answer.Fault : Fault.None,
                };
            }
            else if (answer.Votes.IsEmpty)
            {
                continue;
            }

            settled[i] = settled[i] with { Evidence = $"{judge.Name}: {answer.Evidence} (asked: {settled[i].Evidence})" };
        }

        return settled.ToImmutable();
    }
}
