using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>claims.claims</c>: the agent's reports match the state, no more and no less. It fails a report of a write that was not made or went
/// to another row, or whose amount, date or value differs from the row's. It fails a denial of a write that was made, and a contact, a
/// term or a card's brand without a source. A write that the agent never reports is unsure.
/// </summary>
internal sealed class ClaimsClaims : ICheck
{
    private static readonly CheckName Name = new("claims", "claims", CheckKind.Language);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var acts = ActWords.Of(trace.Pack);
        var told = new ToldWrites(trace);
        var shown = new ShownRows(trace);
        var messages = trace.Conversation.Messages;
        if (!trace.AgentSpeech.IsEnglish)
        {
            if (trace.Calls.FirstOrDefault(c => c.Wrote) is { } write)
                findings.Unsure(write.Message, "what the agent says is not in English");
            findings.Close();
            return;
        }

        for (var i = 0; i < messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is not { } text)
                continue;
            var state = new StateBefore(trace, i);
            var reports = Reports(trace, acts, text, state, told, ref findings, i);
            var claims = ActClaims.Of(text, acts);
            foreach (var claim in claims)
                Judge(trace, acts, text, claim, reports, state, told, ref findings, i);
            foreach (var (sentence, from, to) in ActClaims.Managed(text))
                JudgeManaged(acts, text, text.Sentences[sentence], from, to, state, trace, ref findings, i);
            DeniedReports.Judge(trace, acts, text, ref findings, i);
            SaidAmounts.JudgeReport(trace, text, claims, state, ref findings, i);
            SaidContacts.Judge(trace, text, ref findings, i);
            SaidTerms.Judge(trace, text, ref findings, i);
            SaidTraits.Judge(trace, text, shown, ref findings, i);
            told.Mentioned(text, i);
        }

        if (told.Untold() is { } untold)
            findings.Unsure(untold.Message, $"{untold.Call.Name}({untold.Call.Arguments}) was done, and no later message tells the human");
        findings.Close();
    }

    // Reports in the pack's own sentences for the acts, each with values to compare.
    private static List<FoundReport>? Reports(
        Trace trace,
        ActWords acts,
        AgentText text,
        StateBefore state,
        ToldWrites told,
        ref Findings findings,
        int message
    )
    {
        if (!acts.MayReport(text))
            return null;
        var found = new List<FoundReport>();
        foreach (var template in acts.Reports)
            template.Find(text, found);
        foreach (var report in found)
        {
            string? wrong = null;
            var isTrue = false;
            foreach (var call in state.WritesOf(acts.MaskOf(report.Template.Tool), acts))
            {
                if (Difference(trace, call, report) is { } difference)
                {
                    wrong = difference;
                    continue;
                }

                isTrue = true;
                told.Tell(call);
            }

            if (isTrue || IsSaidByAnotherReport(trace, acts, report, found, state) || IsState(trace, report, state))
                continue;
            findings.Fail(
                Fault.Agent,
                message,
                wrong is not null
                    ? $"the agent reports {report.Template.Tool.Name} with {wrong}"
                    : $"the agent reports {report.Template.Tool.Name}, which was not done: "
                        + $"\"{text.Text[report.At..Math.Min(text.Text.Length, report.At + 80)]}\""
            );
        }

        return found;
    }

    // Two acts may have the same report, and a title may contain a word of the sentence.
    private static bool IsSaidByAnotherReport(Trace trace, ActWords acts, FoundReport report, List<FoundReport> found, StateBefore state)
    {
        foreach (var other in found)
        {
            if ((other.Template == report.Template && other.At == report.At) || Math.Abs(other.At - report.At) > 120)
                continue;
            foreach (var call in state.WritesOf(acts.MaskOf(other.Template.Tool), acts))
            {
                if (Difference(trace, call, other) is null)
                    return true;
            }
        }

        return false;
    }

    // "is now due on March 10" may report a read instead of a write, unless the task wants that write.
    private static bool IsState(Trace trace, FoundReport report, StateBefore state)
    {
        var tool = report.Template.Tool;
        if (!report.Template.TellsState || trace.Blueprint.Actions.Any(a => a.Writes && a.Tool == tool.Name))
            return false;
        var tellsChange = false;
        for (var i = 0; i < report.Values.Length; i++)
        {
            var slot = report.Template.Slots[i];
            if (slot.Field is null && slot.Argument is null)
                continue;
            if (!state.Shows(report.Values[i], slot.Field?.Type ?? slot.Argument?.Field?.Type ?? "text"))
                return false;
            tellsChange |=
                tool.Changes.Contains(slot.Name, StringComparer.Ordinal)
                || (slot.Entity is not null && tool.Changes.Contains(slot.Entity.Name, StringComparer.Ordinal));
        }

        return tellsChange;
    }

    private static string? Difference(Trace trace, TraceCall call, FoundReport report)
    {
        for (var i = 0; i < report.Values.Length; i++)
        {
            var slot = report.Template.Slots[i];
            if (slot.Argument is { Parameter.Parts.Count: > 0 } records)
            {
                var value = call.Arguments![slot.Name];
                if (RecordWords.Difference(trace, call, records, value, report.Values[i]) is { } other)
                    return $"{slot.Name} \"{other}\"; they are {value}";
                continue;
            }

            if (WriteFacts.Value(trace, call, slot) is not { } fact || fact.Value is JsonText { Value.Length: 0 })
                continue;
            if (!FieldValues.Says(report.Values[i], fact.Type, fact.Value))
                return $"{slot.Name} \"{report.Values[i].Trim()}\"; it is {FieldValues.Say(fact.Type, fact.Value)}";
        }

        return null;
    }

    private static void Judge(
        Trace trace,
        ActWords acts,
        AgentText text,
        ActClaim claim,
        List<FoundReport>? reports,
        StateBefore state,
        ToldWrites told,
        ref Findings findings,
        int message
    )
    {
        var sentence = text.Sentences[claim.Sentence];
        if (claim.Tools == 0)
        {
            // "It is done" and "the request has been processed" are true of any write.
            foreach (var call in state.WritesOf(ulong.MaxValue, acts))
                told.Tell(call);
            if (claim.Form == ClaimForm.Done && claim.BySpeaker && !state.AnyWrite && state.Failed(ulong.MaxValue, acts) is { } tried)
                findings.Fail(
                    Fault.Agent,
                    message,
                    $"nothing was changed ({tried.Call.Name} failed), and the agent says \"{text.Quote(sentence)}\""
                );
            return;
        }

        var keys = SaidKeys.In(trace, acts, text, sentence, claim.Tools);
        var any = false;
        TraceCall? meant = null;
        foreach (var call in state.WritesOf(claim.Tools, acts))
        {
            any = true;
            if (keys.Count > 0 && !keys.Exists(k => WriteFacts.Concerns(call, k)))
                continue;
            meant = call;
            if (claim.Form != ClaimForm.NotDone)
                told.Tell(call);
        }

        if (claim.Form == ClaimForm.NotDone)
        {
            if (meant is not null && keys.Count > 0 && state.Failed(claim.Tools, acts) is null)
                findings.Fail(
                    Fault.Agent,
                    message,
                    $"{meant.Call.Name}({meant.Call.Arguments}) was done, and the agent says \"{text.Quote(sentence)}\""
                );
            return;
        }

        if (meant is null && claim.IsVague)
            meant = state
                .WritesOf(ulong.MaxValue, acts)
                .FirstOrDefault(c => keys.Count == 0 || keys.Exists(k => WriteFacts.Concerns(c, k)));
        if (meant is not null && claim.Form == ClaimForm.Done && Untouched(trace, acts, text, sentence, state) is { } part)
        {
            findings.Unsure(message, $"no write has to do with {part}, and the agent says \"{text.Quote(sentence)}\"");
            return;
        }

        if (
            meant is not null
            || claim.Form != ClaimForm.Done
            || reports is { Count: > 0 }
            || (!claim.BySpeaker && state.ShowsWord(text[text.Words[claim.Word]]))
        )
            return;
        findings.Fail(
            Fault.Agent,
            message,
            any
                ? $"{acts.Names(claim.Tools)} was not done to {string.Join(", ", keys)}, and the agent says \"{text.Quote(sentence)}\""
                : $"{acts.Names(claim.Tools)} was not done, and the agent says \"{text.Quote(sentence)}\""
        );
    }

    // The sentence names nested rows by key (items of an order), and no write has any of them. A write of the outer row does not report
    // its parts.
    private static string? Untouched(Trace trace, ActWords acts, AgentText text, TextSentence sentence, StateBefore state)
    {
        string? untouched = null;
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (!text[text.Words[i]].ContainsAnyInRange('0', '9'))
                continue;
            var key = text[text.Words[i]].ToString();
            if (!acts.Writes.Any(w => Takes(trace, w, key)))
                continue;
            if (state.WritesOf(ulong.MaxValue, acts).Any(c => JsonSearch.ShowsId(c.Arguments!, key)))
                return null;
            untouched ??= key;
        }

        return untouched;
    }

    private static bool Takes(Trace trace, ToolSpec write, string key)
    {
        foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(write))
        {
            if (
                meaning.Names is { Parent: { } parent } entity
                && parent != trace.Pack.Domain.Who
                && trace.Pack.Rows.Find(trace.View, entity, key) is not null
            )
                return true;
        }

        return false;
    }

    // "I was also able to move the hold on Dune", but no write matches the words.
    private static void JudgeManaged(
        ActWords acts,
        AgentText text,
        TextSentence sentence,
        int from,
        int to,
        StateBefore state,
        Trace trace,
        ref Findings findings,
        int message
    )
    {
        var verbs = 0UL;
        var objects = 0UL;
        for (var i = from; i < to; i++)
        {
            var word = acts[text[text.Words[i]]];
            if (i < from + 2)
                verbs |= word.Plain;
            objects |= word.Object | word.Noun;
        }

        // The verb needs its object: "take a look" is no act. A capitalised name directly after the verb counts as an object: "renew
        // Emma".
        if (from + 1 >= to || !char.IsAsciiLetterUpper(text.Text[text.Words[from + 1].Start]))
            verbs &= objects;
        if (verbs == 0)
            return;
        var said = text.Text[text.Words[from].Start..text.Words[to - 1].End];
        foreach (var call in state.WritesOf(verbs, acts))
        {
            var ways = trace.MentionsOf(call);
            if (!ways.Any || ways.In(said))
                return;
        }

        findings.Fail(Fault.Agent, message, $"no write has to do with what the agent says it did: \"{text.Quote(sentence)}\"");
    }
}
