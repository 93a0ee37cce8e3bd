using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>A message as a judge gets to see it.</summary>
/// <param name="Index">Its index in the conversation.</param>
public sealed record QuotedMessage(int Index, MessageRole Role, string Text);

/// <summary>One question to a judge: what a check could not tell, and the messages that it is about.</summary>
/// <param name="Check">The check that is unsure, as <c>stage.check</c>.</param>
/// <param name="Question">What to decide, with what the check saw.</param>
public sealed record JudgeQuestion(string Check, string Question, ImmutableArray<QuotedMessage> Messages)
{
    /// <summary>Its place among the questions about the dialogue, from 0.</summary>
    public int Number { get; init; }

    /// <summary>The human's notes: what they want and know. Empty where the question is put without them.</summary>
    public string Notes { get; init; } = "";
}

/// <summary>A judge's answer.</summary>
/// <param name="Outcome"><see cref="Outcome.Pass"/> or <see cref="Outcome.Fail"/>; anything else leaves the verdict unsure.</param>
/// <param name="Evidence">Why, in a sentence.</param>
public sealed record JudgeAnswer(Outcome Outcome, Fault Fault, string Evidence)
{
    /// <summary>What each of several judges said; empty where there is one.</summary>
    public ImmutableArray<Vote> Votes { get; init; } = [];

    /// <summary>The model calls that it took.</summary>
    public ImmutableArray<ModelCall> Calls { get; init; } = [];
}

/// <summary>Somebody who decides what a check cannot. None is registered by default: a row that is unsure is then undecided and waits for a person.</summary>
public interface IJudge
{
    /// <summary>Its name, as evidence has it.</summary>
    string Name { get; }

    Task<JudgeAnswer> AskAsync(JudgeQuestion question, CancellationToken cancellationToken);
}

/// <summary>Puts what is unsure to a judge. A verdict that is not unsure never reaches one, so no judge overrules a failed check.</summary>
public static class Judging
{
    /// <summary>So many messages before the one that a verdict points at are quoted, and one after it.</summary>
    public const int QuotedBefore = 5;

    /// <summary>The question that an unsure verdict asks.</summary>
    public static JudgeQuestion QuestionOf(Verdict verdict, Conversation conversation)
    {
        var messages = conversation.Messages;
        var at = verdict.Message ?? messages.Length - 1;
        var from = verdict.Message is null ? 0 : Math.Max(0, at - QuotedBefore);
        var where = verdict.Message is null ? "in the whole chat" : $"at message {at}";
        return new(
            $"{verdict.Stage}.{verdict.Check}",
            $"Is the rule kept {where}? What the program could not decide: {verdict.Evidence}",
            Quoted(conversation, from, Math.Min(messages.Length, at + 2))
        );
    }

    /// <summary>Messages with the calls that they make, from one index to before another.</summary>
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

    /// <summary>The verdicts with each unsure one replaced by what the judge found; all as they were where there is no judge.</summary>
    /// <param name="notes">The human's, for the judge to read.</param>
    public static async Task<ImmutableArray<Verdict>> SettleAsync(
        ImmutableArray<Verdict> verdicts,
        Conversation conversation,
        string notes,
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
                    Notes = notes,
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
