using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.refusal-words</c>: the agent refuses in words, with the reason of the forbidding clause, after the read that shows it.
/// Another clause's reason fails if the state contradicts it. So does a clause given as a reason against a write that the task wants and
/// no guard forbids.
/// </summary>
internal sealed class OutcomeRefusalWords : ICheck
{
    /// <summary>The minimum share of a reason's words for a paraphrase to count as that reason.</summary>
    private const double Enough = 0.6;

    private static readonly CheckName Name = new("outcome", "refusal-words", CheckKind.Language);
    private static readonly Verdict Foreign = Name.Skipped("the task does not say what must be refused");
    private static readonly Verdict Nothing = Name.Skipped("nothing is to be refused, and no clause is given as a reason");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.IsForeign && trace.Blueprint.Refusals.IsEmpty)
        {
            verdicts.Add(Foreign);
            return;
        }

        var reasons = ClauseReasons.For(trace.Pack);
        var findings = new Findings(Name, verdicts);
        if (trace.Blueprint.Refusals.IsEmpty)
        {
            if (Needless(trace, reasons) is not { } needless)
            {
                verdicts.Add(Nothing);
                return;
            }

            findings.Fail(Fault.Agent, needless.Message, needless.Evidence);
        }
        else if (!trace.AgentSpeech.IsEnglish)
        {
            findings.Unsure(null, "what the agent says is not in English");
        }
        else
        {
            if (trace.Blueprint.Refusals.Length > 1)
                JudgeTogether(trace, reasons, ref findings);
            RefusedChoices.Judge(trace, reasons, ref findings);
            foreach (var refusal in trace.Blueprint.Refusals.Where(r => !r.IsFulfilled))
                Judge(trace, reasons, refusal, ref findings);
        }

        findings.Close();
    }

    // With several refusals due, the right reason for one would cover a wrong reason for another. So a reason that forbids none of them
    // fails.
    private static void JudgeTogether(Trace trace, ClauseReasons reasons, ref Findings findings)
    {
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (
                trace.AgentSpeech.At(i) is not { } text
                || trace.Said(i) is not { } said
                || !Refuses(text)
                || Other(trace, reasons, said, "") is not { } clause
            )
                continue;
            if (!trace.Blueprint.Refusals.All(r => RefusedState.Forbids(trace, clause, r.Tool, r.Arguments, i) == false))
                continue;
            findings.Fail(Fault.Agent, i, $"the agent gives the reason of clause {clause}, which forbids none of what must be refused");
            return;
        }
    }

    private static void Judge(Trace trace, ClauseReasons reasons, ExpectedRefusal refusal, ref Findings findings)
    {
        // If the read is missing, outcome.refusal fails.
        var from = Grounds.Of(trace, refusal.GroundedBy, mayBeComputed: false, _ => false) ?? -1;
        var messages = trace.Conversation.Messages;
        var refused = -1;
        var (wrong, wrongAt) = ("", -1);
        for (var i = from + 1; i < messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is not { } text || trace.Said(i) is not { } said || !Refuses(text))
                continue;
            refused = i;
            if (reasons.QuotesButNot(refusal.Clause, said))
                continue;
            if (reasons.Quotes(refusal.Clause, said) || said.Has(SpokenText.Phrase(refusal.Reason)))
                return;
            // Words shared by the reasons of two clauses are no evidence if the message quotes one of the two.
            if (Other(trace, reasons, said, refusal.Clause) is not { } clause)
            {
                if (wrongAt < 0 && reasons.Overlap(refusal.Clause, said) >= Enough)
                    return;
                continue;
            }

            if (wrongAt >= 0)
                continue;
            switch (RefusedState.Forbids(trace, clause, refusal.Tool, refusal.Arguments, i))
            {
                case true:
                    return; // Another clause forbids it too.
                // A guard without a result for the refused call (the price of something not on sale) is no reason beside a broken one.
                case false:
                case null when RefusedState.Forbids(trace, refusal.Clause, refusal.Tool, refusal.Arguments, i) == true:
                    (wrong, wrongAt) = (clause, i);
                    break;
            }
        }

        if (refused < 0)
            findings.Unsure(
                null,
                $"clause {refusal.Clause} forbids {refusal.Tool}({refusal.Arguments}), "
                    + $"and no refusal is recognised{(from < 0 ? "" : $" after message {from}, which shows it")}"
            );
        else if (wrongAt >= 0)
            findings.Fail(
                Fault.Agent,
                wrongAt,
                $"clause {refusal.Clause} forbids {refusal.Tool}({refusal.Arguments}); "
                    + $"the agent gives the reason of clause {wrong}, which does not forbid it"
            );
        else
            findings.Unsure(
                refused,
                $"clause {refusal.Clause} forbids {refusal.Tool}({refusal.Arguments}); the reason that the agent gives is not recognised"
            );
    }

    // A clause that the message quotes and that is the reason of no refusal or wish of the task.
    private static string? Other(Trace trace, ClauseReasons reasons, SpokenText said, string due)
    {
        foreach (var clause in reasons.Clauses)
        {
            if (clause != due && reasons.Quotes(clause, said) && !IsDue(trace, clause))
                return clause;
        }

        return null;
    }

    internal static bool IsDue(Trace trace, string clause)
    {
        foreach (var refusal in trace.Blueprint.Refusals)
        {
            if (refusal.Clause == clause)
                return true;
        }

        var because = trace.Pack.Domain.Because.GetValueOrDefault(clause) ?? [];
        foreach (var request in trace.Blueprint.Scenario.Requests)
        {
            foreach (var reason in request.Because)
            {
                if (because.Contains(reason, StringComparer.Ordinal))
                    return true;
            }

            foreach (var choice in request.Alternatives)
            {
                if (choice.Because is { } reason && because.Contains(reason, StringComparer.Ordinal))
                    return true;
            }
        }

        return false;
    }

    // A write that the task wants and that was not made, and a quoted clause that does not forbid it.
    private static (int Message, string Evidence)? Needless(Trace trace, ClauseReasons reasons)
    {
        foreach (var action in trace.Blueprint.Actions)
        {
            if (
                !action.Writes
                || trace.Pack.Tools.Find(action.Tool) is not { } tool
                || trace.Calls.Any(c => c.Wrote && c.Tool == tool && PlanMatch.Same(trace.Pack, tool, action.Arguments, c.Arguments!))
            )
                continue;
            for (var i = 0; i < trace.Conversation.Messages.Length; i++)
            {
                if (trace.AgentSpeech.At(i) is not { } text || trace.Said(i) is not { } said || !Refuses(text))
                    continue;
                foreach (var guard in tool.Guards)
                {
                    if (
                        reasons.Quotes(guard.Clause, said)
                        && !IsDue(trace, guard.Clause)
                        && RefusedState.Forbids(trace, guard.Clause, action.Tool, action.Arguments, i) == false
                    )
                        return (
                            i,
                            $"{action.Tool}({action.Arguments}) is wanted and allowed; "
                                + $"the agent refuses it by clause {guard.Clause}, which does not forbid it"
                        );
                }
            }
        }

        return null;
    }

    internal static bool Refuses(AgentText text)
    {
        foreach (var sentence in text.Sentences)
        {
            if (sentence.IsQuestion)
                continue;
            var (modal, not, permit) = (false, false, false);
            for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
            {
                var word = text.Words[i];
                if (word.Is(WordRole.Unable) || (word.Is(WordRole.Not) && word.Is(WordRole.Modal)))
                    return true;
                not |= word.Is(WordRole.Not);
                modal |= word.Is(WordRole.Modal) && i + 1 < sentence.LastWord && text.Words[i + 1].Is(WordRole.Not);
                permit |= word.Is(WordRole.Permit);
            }

            if (modal || (not && permit))
                return true;
        }

        return false;
    }
}
