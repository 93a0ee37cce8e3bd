using System.Numerics;

namespace ConvoSynth.Synthesis;

/// <summary>How firmly a sentence says that something was done.</summary>
internal enum ClaimForm
{
    /// <summary>"I have cancelled the order", "the order has been cancelled".</summary>
    Done,

    /// <summary>The same word in a form that may tell a state, a history or a headline: "is cancelled", "which was cancelled", "Cancelled: …".</summary>
    Weak,

    /// <summary>"I was not able to cancel", "it was not cancelled".</summary>
    NotDone,
}

/// <summary>A place where the agent speaks of a write as done.</summary>
/// <param name="Tools">The writes that it may mean; 0 where the words fit any: "it is done".</param>
/// <param name="BySpeaker">Whether the agent names itself as the one who did it.</param>
internal readonly record struct ActClaim(int Sentence, int Word, ulong Tools, ClaimForm Form, bool BySpeaker);

/// <summary>Finds what a text claims to have been done. Questions, offers, wishes, conditions and the future are no claims.</summary>
internal static class ActClaims
{
    /// <summary>How many words an auxiliary may stand before its verb.</summary>
    private const int Reach = 7;

    public static List<ActClaim> Of(SpokenText text, ActWords acts)
    {
        var claims = new List<ActClaim>();
        var words = text.Words;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var act = acts[text[word]];
            var isLight = word.Is(WordRole.Light);
            if ((act.Done == 0 && !isLight) || text.Sentences[word.Sentence].IsQuestion) continue;
            if (Form(text, i, out var bySpeaker) is not { } form) continue;
            var tools = act.Done == 0 ? 0 : Narrowed(text, word, act.Done, acts);
            if (act.Done != 0 && acts.IsVague(text[word]) && tools == act.Done && !NamesObject(text, word, tools, acts)) tools = 0;
            if (isLight && tools == 0) tools = NounsIn(text, i, acts);
            if (tools == 0 && !isLight) continue;
            // A verb that people also use for other things is evidence of a report, not of a lie.
            if (form == ClaimForm.Done && act.Done != 0 && (act.Sure & tools) == 0 && !(isLight && act.Done != tools)) form = ClaimForm.Weak;
            claims.Add(new(word.Sentence, i, tools, form, bySpeaker));
        }

        return claims;
    }

    // What the words before the participle, within its clause, make of it; null where they make it no claim.
    private static ClaimForm? Form(SpokenText text, int at, out bool bySpeaker)
    {
        var words = text.Words;
        var participle = words[at];
        bySpeaker = false;
        var (have, was, @is, been, speaker, listener, negated, relative, before) = (false, false, false, false, false, false, false, false, false);
        var sawVerb = false;
        for (var i = at - 1; i >= 0; i--)
        {
            var word = words[i];
            if (word.Clause != participle.Clause) break;
            if (word.Is(WordRole.Break) && i < at - 1 && !word.Is(WordRole.Adverb)) break;
            if (word.Is(WordRole.Condition | WordRole.Hedge)) return null;
            if (word.Is(WordRole.Ongoing) && !sawVerb) return null;
            if (word.Is(WordRole.Modal) && at - i <= Reach && !(sawVerb && word.Is(WordRole.Speaker))) return IsPastFailure(text, i) ? ClaimForm.NotDone : null;
            if (at - i > Reach && sawVerb) break;
            if (word.Is(WordRole.And) && sawVerb) break;
            negated |= word.Is(WordRole.Not) && (!sawVerb || at - i <= Reach);
            before |= word.Is(WordRole.Before);
            if (sawVerb && at - i <= Reach && word.Is(WordRole.Relative) && words[i + 1].Is(WordRole.Have | WordRole.Was | WordRole.Is)) relative = true;
            if (sawVerb)
            {
                // The subject ends the search: "I have", "you have".
                if (word.Is(WordRole.Speaker)) { speaker = true; break; }
                if (word.Is(WordRole.Listener)) { listener = true; break; }
                continue;
            }

            been |= word.Is(WordRole.Been);
            if (word.Is(WordRole.Have))
            {
                have = sawVerb = true;
                if (word.Is(WordRole.Speaker)) { speaker = true; break; }
                if (word.Is(WordRole.Listener)) { listener = true; break; }
            }
            else if (word.Is(WordRole.Was) && !text[word].Equals("got", StringComparison.OrdinalIgnoreCase))
            {
                was = sawVerb = true;
            }
            else if (word.Is(WordRole.Is))
            {
                @is = sawVerb = true;
            }
            else if (word.Is(WordRole.Speaker))
            {
                speaker = true;
                break;
            }
            else if (word.Is(WordRole.Listener))
            {
                listener = true;
                break;
            }
        }

        if (listener && !been && !was) return null;
        bySpeaker = speaker && !been;
        var isActive = speaker && at > 0 && (have || IsNextToSpeaker(words, at));
        var isPerfect = (have && been) || (have && speaker) || was;
        if (negated) return isPerfect || isActive ? ClaimForm.NotDone : null;
        if (relative || before) return ClaimForm.Weak;
        if (isPerfect || isActive) return ClaimForm.Done;
        return @is || at == 0 || words[at - 1].Clause != participle.Clause ? ClaimForm.Weak : null;
    }

    // "I cancelled", "I successfully cancelled".
    private static bool IsNextToSpeaker(IReadOnlyList<SpokenWord> words, int at)
    {
        for (var i = at - 1; i >= 0 && words[i].Clause == words[at].Clause; i--)
        {
            if (words[i].Is(WordRole.Speaker)) return true;
            if (!words[i].Is(WordRole.Adverb)) return false;
        }

        return false;
    }

    // "could not be cancelled" is a report; "cannot be cancelled" is a rule.
    private static bool IsPastFailure(SpokenText text, int modal) =>
        text[text.Words[modal]].StartsWith("couldn", StringComparison.OrdinalIgnoreCase)
        || (text[text.Words[modal]].Equals("could", StringComparison.OrdinalIgnoreCase) && modal + 1 < text.Words.Count && text.Words[modal + 1].Is(WordRole.Not));

    // Of several writes that share a verb, those whose object is named, where it is one that tells them apart.
    private static ulong Narrowed(SpokenText text, SpokenWord word, ulong tools, ActWords acts)
    {
        if (BitOperations.PopCount(tools) == 1) return tools;
        var told = 0UL;
        var sentence = text.Sentences[word.Sentence];
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var named = acts[text[text.Words[i]]];
            var objects = (named.Object | named.Noun) & tools;
            if (objects != 0 && objects != tools) told |= objects;
        }

        return told == 0 ? tools : told;
    }

    private static bool NamesObject(SpokenText text, SpokenWord word, ulong tools, ActWords acts)
    {
        var sentence = text.Sentences[word.Sentence];
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if ((acts[text[text.Words[i]]].Object & tools) != 0) return true;
        }

        return false;
    }

    private static ulong NounsIn(SpokenText text, int at, ActWords acts)
    {
        var sentence = text.Sentences[text.Words[at].Sentence];
        var tools = 0UL;
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (i != at) tools |= acts[text[text.Words[i]]].Noun;
        }

        return tools == 0 ? 0 : Narrowed(text, text.Words[at], tools, acts);
    }
}
