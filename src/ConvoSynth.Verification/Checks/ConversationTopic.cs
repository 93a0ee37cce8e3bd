using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>conversation.topic</c>: the agent helps only within its domain. Unsure are verses, program text, and an off-domain cue (a poem, a
/// recipe, the capital of a country) that the agent does not decline. It does not matter which party brought the cue up. Anything that
/// the policy, a tool or an observation mentions belongs to the domain.
/// </summary>
internal sealed class ConversationTopic : ICheck
{
    /// <summary>Minimum number of consecutive short lines that count as verses.</summary>
    private const int Verses = 4;

    private const int LongestVerse = 9;
    private const int ShortestVerse = 3;

    private static readonly CheckName Name = new("conversation", "topic", CheckKind.Language);

    private readonly CueSet _cues;

    public ConversationTopic(Pack pack)
    {
        var rules = new RuleBook(pack).Of("in_domain");
        var own = rules.SelectMany(r => r.Options["words"].Items).Select(w => w.Text ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        _cues = new(
            ServiceWords
                .OffDomain.Where(w => !own.Contains(w))
                .Concat(rules.SelectMany(r => r.Options["outside"].Items).Select(w => w.Text ?? ""))
        );
    }

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        string? asked = null;
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.Said(i) is not { } said)
                continue;
            if (trace.Conversation.Messages[i].Role == MessageRole.User)
            {
                asked = Outside(trace, said.Words, i);
                continue;
            }

            if (trace.AgentSpeech.At(i) is not { } text)
                continue;
            if (said.Text.Contains("```", StringComparison.Ordinal) || HasVerses(said.Text))
                findings.Unsure(i, "the agent writes verses or program text, which no service is asked for");
            else if (asked is not null && !text.Sentences.Any(text.Refuses))
                findings.Unsure(i, $"the human asks for \"{asked}\", which is no matter of the domain, and the agent does not decline");
            else if (Own(trace, text, i) is { } sentence)
                findings.Unsure(i, $"the agent speaks of what is no matter of the domain: \"{sentence}\"");
            asked = null;
        }

        findings.Close();
    }

    private string? Own(Trace trace, AgentText text, int message)
    {
        if (!_cues.IsIn(trace.Said(message)!.Words))
            return null;
        foreach (var sentence in text.Sentences)
        {
            if (Outside(trace, text.PaddedOf(sentence), message) is not null)
                return text.Quote(sentence);
        }

        return null;
    }

    // Text that a tool showed, the policy states or the human's task contains belongs to the domain.
    private string? Outside(Trace trace, string words, int message)
    {
        foreach (var cue in _cues.In(words))
        {
            if (!ServiceWords.Denials.IsIn(words[..(words.IndexOf(cue, StringComparison.Ordinal) + 1)]) && !IsKnown(trace, cue, message))
                return cue.Trim();
        }

        return null;
    }

    private static bool IsKnown(Trace trace, string cue, int message)
    {
        if (!trace.IsForeign && SpokenText.Padded(trace.Blueprint.Instruction).Contains(cue, StringComparison.Ordinal))
            return true;
        foreach (var text in KnownTexts.FromTheStart(trace))
        {
            if (SpokenText.Padded(text).Contains(cue, StringComparison.Ordinal))
                return true;
        }

        for (var i = 0; i < message; i++)
        {
            if (
                trace.Conversation.Messages[i] is { Role: MessageRole.Tool, Content: { Length: > 0 } shown }
                && SpokenText.Padded(shown).Contains(cue, StringComparison.Ordinal)
            )
                return true;
        }

        return false;
    }

    // Consecutive short lines of letters alone; a list, a label or a number breaks them.
    private static bool HasVerses(string text)
    {
        var verses = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range).Trim();
            if (line.IsEmpty)
                continue;
            var words = line.Count(' ') + 1;
            var isVerse =
                char.IsLetter(line[0])
                && words is >= ShortestVerse and <= LongestVerse
                && !line.ContainsAny(":*#|")
                && !line.ContainsAnyInRange('0', '9')
                && line[^1] is not '?';
            verses = isVerse ? verses + 1 : 0;
            if (verses >= Verses)
                return true;
        }

        return false;
    }
}
