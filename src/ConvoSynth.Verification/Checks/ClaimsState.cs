using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>claims.state</c>: the states that the agent reports are those of the rows. It fails a status, a tier or another choice that no
/// argument sets, if the row has another value or no call has shown the row. It fails a report of moved money if the reported writes
/// moved none. A person's first and last name are unsure if no source has them together.
/// </summary>
internal sealed partial class ClaimsState(Pack pack) : ICheck
{
    private static readonly CheckName Name = new("claims", "state", CheckKind.Language);

    private readonly StateFields _fields = StateFields.Of(pack);
    private readonly PersonNames _names = PersonNames.Of(pack);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var rows = trace.SpokenRows;
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is not { } text)
                continue;
            SpokenRow? about = null;
            foreach (var sentence in _fields.MayHold(text.Text) ? text.Sentences : [])
            {
                if (sentence.IsQuestion)
                    continue;
                foreach (var field in _fields.All)
                {
                    if (field.OfPerson is { } ofPerson)
                        JudgePerson(rows, field, ofPerson, text, sentence, i, ref findings);
                }

                JudgeRows(trace, rows, text, sentence, ref about, i, ref findings);
            }

            if (Unmoved(trace, text, i) is { } unmoved)
                findings.Fail(
                    Fault.Agent,
                    i,
                    $"no write before this message moved an amount, and the agent says that one has moved: \"{unmoved}\""
                );
            if (_names.Stranger(trace, text, i) is { } stranger)
                findings.Unsure(i, $"the agent names {stranger}, who stands in nothing that was read or said");
        }

        findings.Close();
    }

    private void JudgeRows(
        Trace trace,
        SpokenRows rows,
        AgentText text,
        TextSentence sentence,
        ref SpokenRow? about,
        int message,
        ref Findings findings
    )
    {
        var named = rows.In(text, sentence, message).FindAll(r => pack.Rows.IsOwned(r.Row.Entity));
        if (named.Count > 0)
            about = named[^1];
        if (IsHypothetical(text, sentence, named))
            return;
        foreach (var field in _fields.All)
        {
            if (field.OfPerson is not null)
                continue;
            foreach (var row in named)
            {
                var match = field.Behind.Match(text.Text, row.End, Math.Max(0, sentence.End - row.End));
                if (match.Success && !IsPassedOn(text, match))
                    Compare(trace, field, row, named, match, text, sentence, message, ref findings);
            }

            foreach (var match in named.Count == 0 ? [] : field.Ahead.Matches(text.Quote(sentence)).ToArray())
            {
                // The rows that follow it, up to the next state.
                var at = text.Text.IndexOf(match.Value, sentence.Start, StringComparison.Ordinal);
                var next = match.NextMatch() is { Success: true } other ? at + other.Index - match.Index : sentence.End;
                foreach (var row in named.Where(n => n.Row.Entity == field.Entity && n.At >= at + match.Length && n.At < next))
                    Compare(trace, field, row, named, match, text, sentence, message, ref findings);
            }

            // A line of a list describes the row that the lines above it name.
            if (
                about is not { } last
                || last.Row.Entity != field.Entity
                || (named.Count > 1 && named.Exists(n => n.Row.Entity == field.Entity && n.Row.Row.Key != last.Row.Row.Key))
            )
                continue;
            var labelled = field.Labelled.Match(text.Text, sentence.Start, sentence.End - sentence.Start);
            if (labelled.Success && !IsPassedOn(text, labelled) && IsAtHead(text, sentence, labelled.Index))
                Compare(trace, field, last, named, labelled, text, sentence, message, ref findings);
        }
    }

    private void Compare(
        Trace trace,
        StateField field,
        SpokenRow row,
        List<SpokenRow> named,
        Match match,
        AgentText text,
        TextSentence sentence,
        int message,
        ref Findings findings
    )
    {
        // The same name may fit rows of several kinds; one row with the state is enough.
        SpokenRow[] meant =
        [
            .. named.Where(n => n.Row.Entity == field.Entity && n.At == row.At),
            .. row.Row.Entity == field.Entity ? (SpokenRow[])[row] : [],
        ];
        if (meant.Length == 0 || field.Value(match.Groups["v"].Value) is not { } said)
            return;
        if (Array.TrueForAll(meant, m => !m.IsShown))
            findings.Fail(
                Fault.Agent,
                message,
                $"the agent tells the {field.Field.Label} of {EntityRows.Text(row.Row.Key)}, "
                    + $"which no call has shown: \"{text.Quote(sentence)}\""
            );
        else if (
            Array.TrueForAll(
                meant,
                m =>
                    Differs(m.Row, field, said)
                    && (pack.Rows.Find(trace.View, field.Entity, m.Row.Key) is not { } before || Differs(before, field, said))
            )
        )
            findings.Fail(
                Fault.Agent,
                message,
                $"the {field.Field.Label} of {EntityRows.Text(row.Row.Key)} is {meant[0].Row[field.Field.Path].Text}, "
                    + $"and the agent says {said}: \"{text.Quote(sentence)}\""
            );
    }

    // The state before the dialogue is acceptable too: "the delivered order".
    private static bool Differs(EntityRow row, StateField field, string said) =>
        row[field.Field.Path].Text is { } held && !StateField.Agrees(held, said);

    private static void JudgePerson(
        SpokenRows rows,
        StateField field,
        Regex pattern,
        AgentText text,
        TextSentence sentence,
        int message,
        ref Findings findings
    )
    {
        var match = pattern.Match(text.Text, sentence.Start, sentence.End - sentence.Start);
        if (!match.Success || text.Has(sentence, WordRole.Not | WordRole.Condition))
            return;
        if (
            field.Value(match.Groups["v"].Value) is not { } said
            || rows.Person(message) is not { } person
            || person[field.Field.Path].Text is not { } held
            || StateField.Agrees(held, said)
        )
            return;
        findings.Fail(Fault.Agent, message, $"the {field.Field.Label} is {held}, and the agent says {said}: \"{text.Quote(sentence)}\"");
    }

    // Money that the message reports as added or refunded, although its writes changed no number: they only noted a request.
    private static string? Unmoved(Trace trace, AgentText text, int message)
    {
        if (text.Amounts.Count == 0 || !Moved().IsMatch(text.Text))
            return null;
        var from = message;
        while (from > 0 && !(trace.AgentSpeech.At(from - 1) is not null && trace.Conversation.Messages[from - 1].ToolCalls.IsEmpty))
            from--;
        TraceCall[] writes = [.. trace.Calls.Where(c => c.Message >= from && c.Message < message && c.Wrote)];
        if (writes.Length == 0 || writes.Any(c => c.Writes.Any(w => !Numbers(w.Before).SequenceEqual(Numbers(w.After)))))
            return null;
        foreach (var amount in text.Amounts)
        {
            var sentence = text.Sentences[amount.Sentence];
            var quote = text.Quote(sentence);
            if (!text.Refuses(sentence) && Moved().IsMatch(quote))
                return quote;
        }

        return null;
    }

    // An id that consists of digits is a text and no amount.
    private static IEnumerable<double> Numbers(Json? row) =>
        row switch
        {
            JsonNumber number => [number.Value],
            JsonMap map => map.Values.SelectMany(Numbers),
            JsonList list => list.Items.SelectMany(Numbers),
            _ => [],
        };

    [GeneratedRegex(
        @"\b(?:has|have|was|were) (?:been )?(?:(?:now|already|immediately|successfully) )*(?:added|credited|refunded|issued"
            + @"|deposited)\b|\b(?:added|credited) immediately\b|\bimmediately (?:added|credited)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Moved();

    // Future, past and conditional sentences do not describe the present state.
    private static bool IsHypothetical(AgentText text, TextSentence sentence, List<SpokenRow> named)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var word = text.Words[i];
            if (named.Exists(n => n.At <= word.Start && n.End >= word.End))
                continue;
            if (
                word.Is(WordRole.Condition)
                || text[word]
                    is "will"
                        or "would"
                        or "must"
                        or "should"
                        or "be"
                        or "becomes"
                        or "become"
                        or "was"
                        or "were"
                        or "after"
                        or "After"
                        or "change"
                        or "changes"
                        or "new"
                        or "New"
            )
                return true;
            if (word.Is(WordRole.Not))
                return true;
        }

        return false;
    }

    // "delivered → return requested" states the earlier value.
    private static bool IsPassedOn(AgentText text, Match match) =>
        text.Text.AsSpan(match.Index + match.Length).TrimStart(" *_`\"')") is var behind
        && (behind.StartsWith("→") || behind.StartsWith("->") || behind.StartsWith("=>"));

    // Only the line's own label describes the row above; a label further into the sentence does not.
    private static bool IsAtHead(AgentText text, TextSentence sentence, int at)
    {
        var before = 0;
        for (var i = sentence.FirstWord; i < sentence.LastWord && text.Words[i].Start < at; i++)
            before++;
        return before <= 3;
    }
}
