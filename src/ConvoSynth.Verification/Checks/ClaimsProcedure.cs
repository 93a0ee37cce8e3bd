using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>claims.procedure</c>: each procedure that the agent mentions has a source. A return label, a hotline, an inspection or a fee is
/// unsure if no system prompt, policy, tool or human mentioned it. An e-mail that the agent promises is unsure if no source promises one
/// for this act. A sentence that denies such a thing promises nothing.
/// </summary>
internal sealed partial class ClaimsProcedure : ICheck
{
    private static readonly CheckName Name = new("claims", "procedure", CheckKind.Language);

    private readonly CueSet _cues;

    public ClaimsProcedure(Pack pack)
    {
        var own = new RuleBook(pack).Of("sourced").SelectMany(r => r.Options["words"].Items).Select(w => w.Text ?? "");
        _cues = new(ServiceWords.Procedure.Concat(own));
    }

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.AgentSpeech.At(i) is not { } text || trace.Said(i) is not { } said)
                continue;
            var hasMail = said.Words.Contains("mail", StringComparison.Ordinal);
            if (!hasMail && !_cues.IsIn(said.Words))
                continue;
            foreach (var sentence in text.Sentences)
            {
                if (sentence.IsQuestion && !text.Has(sentence, WordRole.Speaker))
                    continue;
                var quote = text.Quote(sentence);
                if (Unsourced(trace, text.PaddedOf(sentence), i) is { } cue)
                    findings.Unsure(i, $"the agent tells of \"{cue}\", which stands in nothing that it could know: \"{quote}\"");
                else if (hasMail && Mail().IsMatch(quote) && !text.Refuses(sentence) && Unpromised(trace, text, sentence, i) is { } why)
                    findings.Unsure(i, $"the agent promises an e-mail, {why}: \"{quote}\"");
            }
        }

        findings.Close();
    }

    private string? Unsourced(Trace trace, string words, int message)
    {
        foreach (var cue in _cues.In(words))
        {
            if (ServiceWords.Denials.IsIn(words[..(words.IndexOf(cue, StringComparison.Ordinal) + 1)]))
                continue;
            if (!KnownTexts.Before(trace, message).Any(t => SpokenText.Padded(t).Contains(cue, StringComparison.Ordinal)))
                return cue.Trim();
        }

        return null;
    }

    // Why the promise has no source; null if a section of the policy promises an e-mail for this act. The section's heading concerns the
    // last write before the message, the next one after it, or no write at all.
    private static string? Unpromised(Trace trace, AgentText text, TextSentence sentence, int message)
    {
        if (!KnownTexts.FromTheStart(trace).Any(Mail().IsMatch))
            return "of which no text speaks";
        var acts = ActWords.Of(trace.Pack);
        ulong about = 0,
            after = 0;
        foreach (var call in trace.Calls)
        {
            if (call.Tool is not { Writes: true } tool)
                continue;
            if (call.Message < message)
                about = acts.MaskOf(tool);
            else if (after == 0)
                after = acts.MaskOf(tool);
        }

        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
            after |= acts[text[text.Words[i]]].Plain | acts[text[text.Words[i]]].Noun;
        string? headings = null;
        foreach (
            var section in PolicySections
                .Of(trace.Conversation.System, trace.Pack)
                .Concat(PolicySections.Of(trace.Pack.Policy.Text, trace.Pack))
        )
        {
            if (!Mail().IsMatch(section.Text))
                continue;
            if (section.Tools == 0 || (section.Tools & (about | after)) != 0)
                return null;
            headings ??= section.Heading;
        }

        return about == 0 || headings is null ? null : $"which the policy has of \"{headings}\" only";
    }

    // "receive an email", "gets an email", "we will send you a separate e-mail", "a confirmation email".
    [GeneratedRegex(
        @"\b(?:confirmation e-?mails?|e-?mail confirmations?)\b|\b(?:receiv\w*|gets?|sen[dt]s?|expect)\W+(?:\w+\W+){0,4}e-?mails?\b"
            + @"|\be-?mail(?:ed)? you (?:a|an|the|with|once|when|as|instructions|shortly)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Mail();
}
