using System.Numerics;

namespace ConvoSynth.Verification.Language;

/// <summary>How firmly a sentence claims that an act was done.</summary>
internal enum ClaimForm
{
    /// <summary>"I have cancelled the order", "the order has been cancelled".</summary>
    Done,

    /// <summary>
    /// The same word in a form that may describe a state, a history or a headline: "is cancelled", "which was cancelled", "Cancelled: …".
    /// </summary>
    Weak,

    /// <summary>"I was not able to cancel", "it was not cancelled".</summary>
    NotDone,
}

/// <summary>A place where the agent describes a write as done.</summary>
/// <param name="Tools">Mask of the writes that it may mean; 0 if the words fit any write: "it is done".</param>
/// <param name="BySpeaker">Whether the agent names itself as the actor.</param>
/// <param name="IsVague">Whether the verb fits any change: "its status has been updated" is true of a cancellation.</param>
internal readonly record struct ActClaim(int Sentence, int Word, ulong Tools, ClaimForm Form, bool BySpeaker, bool IsVague);

/// <summary>Finds the acts that a text claims as done. Questions, offers, wishes, conditions and the future are no claims.</summary>
internal static class ActClaims
{
    /// <summary>Maximum distance, in words, of a marker such as "already" behind its verb.</summary>
    private const int AheadOf = 4;

    public static List<ActClaim> Of(AgentText text, ActWords acts)
    {
        var claims = new List<ActClaim>();
        var words = text.Words;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var act = acts[text[word]];
            var isLight = word.Is(WordRole.Light);
            if ((act.Done == 0 && !isLight) || text.Sentences[word.Sentence].IsQuestion)
                continue;
            if (Form(text, i, out var bySpeaker) is not { } form || IsOfWords(text, i))
                continue;
            var isVague = acts.IsVague(text[word]);
            var tools = act.Done == 0 ? 0 : Narrowed(text, word, act.Done, acts);
            if (isVague && act.Done != 0 && !NamesObject(text, word, tools, acts))
                tools = 0;
            if (isLight && tools == 0)
                tools = NounsIn(text, i, acts);
            if (tools == 0 && !isLight)
                continue;
            // A verb that people also use for other things may confirm a report but does not prove a false one.
            if (form == ClaimForm.Done && act.Done != 0 && (act.Sure & tools) == 0 && !(isLight && act.Done != tools))
                form = ClaimForm.Weak;
            claims.Add(new(word.Sentence, i, tools, form, bySpeaker, isVague));
        }

        return claims;
    }

    /// <summary>
    /// Places where the speaker claims a success: "I went ahead to …", "I was also able to …". Returns the index of the word after "to"
    /// and the end of the sentence.
    /// </summary>
    public static IEnumerable<(int Sentence, int From, int To)> Managed(AgentText text)
    {
        var words = text.Words;
        for (var i = 1; i < words.Count; i++)
        {
            if (!words[i].Is(WordRole.Achieved) || text.Sentences[words[i].Sentence].IsQuestion)
                continue;
            var speaker = i - 1;
            while (
                speaker > 0
                && words[speaker].Clause == words[i].Clause
                && words[speaker].Is(WordRole.Adverb | WordRole.Was)
                && !words[speaker].Is(WordRole.Not)
            )
                speaker--;
            if (!words[speaker].Is(WordRole.Speaker) || words[speaker].Is(WordRole.Modal))
                continue;
            var needsWas = text[words[i]].Equals("able", StringComparison.OrdinalIgnoreCase);
            if (needsWas && !Enumerable.Range(speaker, i - speaker).Any(j => words[j].Is(WordRole.Was)))
                continue;
            var to = i + 1;
            while (to < words.Count && to <= i + 2 && !text[words[to]].Equals("to", StringComparison.OrdinalIgnoreCase))
                to++;
            if (to >= words.Count || !text[words[to]].Equals("to", StringComparison.OrdinalIgnoreCase))
                continue;
            yield return (words[i].Sentence, to + 1, text.Sentences[words[i].Sentence].LastWord);
        }
    }

    // The form that the words before the participle give it; null if it is no claim.
    private static ClaimForm? Form(AgentText text, int at, out bool bySpeaker)
    {
        var words = text.Words;
        var clause = words[at].Clause;
        bySpeaker = false;
        var isBefore = SaysBefore(words, at);
        var isNegated = false;
        var isBeen = false;

        // "have now been successfully": only such words may stand between the auxiliary and the participle.
        var i = at - 1;
        while (
            i >= 0
            && words[i].Clause == clause
            && words[i].Is(WordRole.Adverb | WordRole.Not | WordRole.Been | WordRole.Ongoing)
            && !words[i].Is(Auxiliary | WordRole.Modal)
        )
        {
            if (words[i].Is(WordRole.Ongoing))
                return null;
            isBeen |= words[i].Is(WordRole.Been);
            isNegated |= words[i].Is(WordRole.Not);
            isBefore |= words[i].Is(WordRole.Before);
            i--;
        }

        if (i < 0 || words[i].Clause != clause)
            return ClaimForm.Weak; // "Exchanged: the desk lamp".
        if (words[i].Is(WordRole.And))
            return HasPast(text, i, clause) ? ClaimForm.Weak : null;
        var auxiliary = words[i];
        if (auxiliary.Is(WordRole.Modal) && !auxiliary.Is(WordRole.Have))
            return null;
        var isActive = auxiliary.Is(WordRole.Speaker) && !auxiliary.Is(WordRole.Is);
        if (!auxiliary.Is(Auxiliary) && !isActive)
            return null;
        isNegated |= auxiliary.Is(WordRole.Not);
        bySpeaker = auxiliary.Is(WordRole.Speaker) && !isBeen;
        if (auxiliary.Is(WordRole.Listener) && !isBeen)
            return null;

        // Before the auxiliary: an adjacent modal, a condition or doubt anywhere, and the subject.
        var isSubject = true;
        var isRelative = false;
        for (var j = i - 1; j >= 0 && words[j].Clause == clause; j--)
        {
            var word = words[j];
            if (word.Is(WordRole.Condition | WordRole.Hedge))
                return null;
            // "No changes have been made".
            if (word.Is(WordRole.Not) && !word.Is(Auxiliary | WordRole.Modal))
                isNegated = true;
            if (!isSubject)
                continue;
            if (word.Is(WordRole.Adverb | WordRole.Not) && !word.Is(WordRole.Modal | Auxiliary | WordRole.Break))
            {
                isNegated |= word.Is(WordRole.Not);
                isBefore |= word.Is(WordRole.Before);
                continue;
            }

            isSubject = false;
            if (word.Is(WordRole.Modal))
                return IsPastFailure(text, j, isNegated) ? ClaimForm.NotDone : null;
            isRelative = word.Is(WordRole.Relative);
            if (word.Is(WordRole.Listener) && !isBeen && !auxiliary.Is(WordRole.Was))
                return null;
            bySpeaker |= word.Is(WordRole.Speaker) && !isBeen && auxiliary.Is(WordRole.Have);
        }

        // "was booked on May 5" reports a record; "was successfully booked" reports an act.
        var isAchieved = auxiliary.Is(WordRole.Was) && IsSuccess(words, i, at);
        var isDone = isActive || bySpeaker || (auxiliary.Is(WordRole.Have) && isBeen) || isAchieved;
        if (isNegated)
            return isDone || auxiliary.Is(WordRole.Was) ? ClaimForm.NotDone : null;
        return isDone && !isRelative && !isBefore ? ClaimForm.Done : ClaimForm.Weak;
    }

    private const WordRole Auxiliary = WordRole.Have | WordRole.Is | WordRole.Was;

    // "I have updated the proposal" changes only words.
    private static bool IsOfWords(AgentText text, int at)
    {
        for (var i = at + 1; i < text.Words.Count && i <= at + AheadOf && text.Words[i].Clause == text.Words[at].Clause; i++)
        {
            if (text.Words[i].Is(WordRole.Draft))
                return true;
        }

        return false;
    }

    private static bool IsSuccess(IReadOnlyList<TextWord> words, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (words[i].Is(WordRole.Success))
                return true;
        }

        return false;
    }

    // "it has been paid or disputed already".
    private static bool SaysBefore(IReadOnlyList<TextWord> words, int at)
    {
        for (var i = at + 1; i < words.Count && i <= at + AheadOf && words[i].Clause == words[at].Clause; i++)
        {
            if (words[i].Is(WordRole.Before))
                return true;
        }

        return false;
    }

    // "I have cancelled the order and registered the return".
    private static bool HasPast(AgentText text, int at, int clause)
    {
        for (var i = at; i >= 0 && text.Words[i].Sentence == text.Words[at].Sentence; i--)
        {
            if (text.Words[i].Is(WordRole.Modal | WordRole.Condition) && text.Words[i].Clause == clause)
                return false;
            if (text.Words[i].Is(WordRole.Have | WordRole.Was))
                return true;
        }

        return false;
    }

    // "could not be cancelled" is a report; "cannot be cancelled" is a rule.
    private static bool IsPastFailure(AgentText text, int modal, bool isNegated) =>
        text[text.Words[modal]].StartsWith("couldn", StringComparison.OrdinalIgnoreCase)
        || (isNegated && text[text.Words[modal]].Equals("could", StringComparison.OrdinalIgnoreCase));

    // Of several writes that share a verb, those whose object the sentence names, if the object distinguishes them.
    private static ulong Narrowed(AgentText text, TextWord word, ulong tools, ActWords acts)
    {
        if (BitOperations.PopCount(tools) == 1)
            return tools;
        var told = 0UL;
        var sentence = text.Sentences[word.Sentence];
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            var named = acts[text[text.Words[i]]];
            var objects = (named.Object | named.Noun) & tools;
            if (objects != 0 && objects != tools)
                told |= objects;
        }

        return told == 0 ? tools : told;
    }

    private static bool NamesObject(AgentText text, TextWord word, ulong tools, ActWords acts)
    {
        var sentence = text.Sentences[word.Sentence];
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if ((acts[text[text.Words[i]]].Object & tools) != 0)
                return true;
        }

        return false;
    }

    private static ulong NounsIn(AgentText text, int at, ActWords acts)
    {
        var sentence = text.Sentences[text.Words[at].Sentence];
        var tools = 0UL;
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            // A "reservation" may be the upgraded object and not the act of reserving.
            if (i != at && acts[text[text.Words[i]]] is { Object: 0 } word)
                tools |= word.Noun;
        }

        return tools == 0 ? 0 : Narrowed(text, text.Words[at], tools, acts);
    }
}
