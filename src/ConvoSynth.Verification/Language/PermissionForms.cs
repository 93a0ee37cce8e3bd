namespace ConvoSynth.Verification.Language;

/// <summary>The form in which a sentence permits an act.</summary>
internal enum PermissionForm
{
    None,

    /// <summary>"If you'd like to cancel it", "I can cancel it for you".</summary>
    Offered,

    /// <summary>"It can be cancelled", "you can cancel it", "it is eligible for a cancellation".</summary>
    Stated,
}

/// <summary>Whether the words around an act permit it. Refusals, conditions, rules ("only if") and open checks permit nothing.</summary>
internal static class PermissionForms
{
    /// <summary>Maximum distance, in words, of the permitting words before the act.</summary>
    private const int Farthest = 8;

    // Stated: "can still be cancelled", "you can exchange", "eligible for a return". Offered: "if you'd like to cancel", "would you like
    // me to cancel".
    public static PermissionForm Of(AgentText text, TextSentence sentence, int at, ActWord act, List<SpokenRow> named, out ulong tools)
    {
        var words = text.Words;
        var clause = words[at].Clause;
        tools = 0;
        var from = at;
        while (from > sentence.FirstWord && words[from - 1].Clause == clause && at - from < Farthest)
            from--;
        var first = from;
        while (first > sentence.FirstWord && words[first - 1].Clause == clause)
            first--;
        for (var i = first; i < sentence.LastWord && words[i].Clause == clause; i++)
        {
            // A title may contain any word: "When Rivers Were Roads".
            if (named.Exists(n => n.At <= words[i].Start && n.End >= words[i].End))
                continue;
            if (words[i].Is(WordRole.Not | WordRole.Unable | WordRole.Hedge) && !Is(i, "if"))
                return PermissionForm.None;
            if (
                Is(i, "only")
                || Is(i, "see")
                // "Tell me why you want to cancel it" asks about a wish of the human.
                || (Is(i, "why") && i < at)
                || Is(i, "whether")
                || (words[i].Is(WordRole.Condition) && !IsWish(i) && !words[i].Is(WordRole.Modal))
            )
                return PermissionForm.None;
        }

        var (can, be, permit, wish, @for) = (false, false, false, false, false);
        for (var i = from; i < at; i++)
        {
            can |= Is(i, "can") || Is(i, "could") || Is(i, "may");
            be |= Is(i, "be");
            @for |= Is(i, "for");
            permit |= words[i].Is(WordRole.Permit) || Is(i, "free") || Is(i, "open");
            // "You'd like me to …" only repeats the human's wish.
            wish |=
                ((Is(i, "like") || Is(i, "want") || Is(i, "wish") || Is(i, "prefer")) && (sentence.IsQuestion || HasIf(i)))
                || Is(i, "happy")
                || Is(i, "glad")
                || Is(i, "ready");
        }

        // "switch to a return" and "move quickly" act on no row.
        var isPlain = act.Plain != 0 && !(at + 1 < sentence.LastWord && Is(at + 1, "to")) && Leads();
        if (sentence.IsQuestion)
            return isPlain && Is(sentence.FirstWord, "would") && wish && Take(act.Plain, out tools)
                ? PermissionForm.Offered
                : PermissionForm.None;
        if (be && (can || permit) && act.Done != 0)
            return Take(act.Done, out tools) ? PermissionForm.Stated : PermissionForm.None;
        if (@for && permit && act.Noun != 0)
            return Take(act.Noun, out tools) ? PermissionForm.Stated : PermissionForm.None;
        if (isPlain && (can || permit))
            return Take(act.Plain, out tools)
                ? Speaker() || wish
                    ? PermissionForm.Offered
                    : PermissionForm.Stated
                : PermissionForm.None;
        if (isPlain && wish)
            return Take(act.Plain, out tools) ? PermissionForm.Offered : PermissionForm.None;
        return (can || (wish && Made())) && act.Noun != 0 && act.Object == 0 && Take(act.Noun, out tools)
            ? PermissionForm.Offered
            : PermissionForm.None;

        bool Is(int i, string word) => text[words[i]].Equals(word, StringComparison.OrdinalIgnoreCase);

        bool IsWish(int i) => Is(i, "if") && i + 1 < words.Count && words[i + 1].Is(WordRole.Listener);

        bool HasIf(int before)
        {
            for (var i = sentence.FirstWord; i < before; i++)
            {
                if (IsWish(i))
                    return true;
            }

            return false;
        }

        // The verb follows "to" or "can", with only modifiers between them.
        bool Leads()
        {
            var i = at - 1;
            while (
                i > from
                && (
                    words[i].Is(WordRole.Adverb | WordRole.And)
                    || words[i].Is(WordRole.Listener)
                    || Is(i, "still")
                    || Is(i, "only")
                    || Is(i, "help")
                    || Is(i, "ahead")
                    || Is(i, "go")
                    || Is(i, "even")
                )
            )
                i--;
            return i >= from && (Is(i, "to") || Is(i, "can") || Is(i, "could") || Is(i, "may"));
        }

        bool Speaker()
        {
            for (var i = from; i < at; i++)
            {
                if (words[i].Is(WordRole.Speaker))
                    return true;
            }

            return false;
        }

        // "make other changes".
        bool Made()
        {
            for (var i = from; i < at; i++)
            {
                if (Is(i, "make") || Is(i, "request"))
                    return true;
            }

            return false;
        }

        static bool Take(ulong mask, out ulong taken) => (taken = mask) != 0;
    }
}
