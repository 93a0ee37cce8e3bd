using System.Buffers;
using System.Collections.Frozen;
using System.Numerics;

namespace ConvoSynth.Verification.Language;

/// <summary>The signals of one message, by the cues of its languages.</summary>
/// <param name="Languages">One bit per entry of <see cref="Cues.All"/>: the languages whose common words occur in the message; 0 if none
/// is known.</param>
/// <param name="Yes">A clear yes, not negated.</param>
/// <param name="Weak">A word that is a yes or mere politeness.</param>
/// <param name="No">A denial, or an act called off.</param>
/// <param name="IsPlainNo">A no in a message too short for another request.</param>
/// <param name="Condition">The yes, if any, is conditional.</param>
internal sealed record Reading(int Languages, bool Yes, bool Weak, bool No, bool IsPlainNo, bool Condition)
{
    /// <summary>Maximum number of words in a plain no; a longer one may ask for something else.</summary>
    private const int LongestPlainNo = 8;

    private static readonly FrozenDictionary<string, int> LanguageOf = Table();
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> LanguageOfSpan =
        LanguageOf.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly Cues[] Padded = [.. Cues.All.Select(Pad)];
    private static readonly SearchValues<string> ForYes = InAnyLanguage(c => c.AsksForYes);
    private static readonly SearchValues<string> ForMore = InAnyLanguage(c => c.AnythingElse);
    private static readonly SearchValues<string> Unknowing = InAnyLanguage(c => c.DoesNotKnow);

    public static Reading Of(SpokenText said)
    {
        var (languages, words) = Known(said.Words);
        if (languages == 0)
            languages = Spoken(said);
        bool yes = false,
            weak = false,
            no = false,
            denied = false,
            condition = false;
        for (var l = 0; l < Padded.Length; l++)
        {
            if ((languages & (1 << l)) == 0)
                continue;
            var cues = Padded[l];
            var begins = Begins(said.Words, cues);
            denied |= begins || Any(said, cues.CallOff);
            no |= begins || Any(said, cues.CallOff);
            yes |= Any(said, cues.Yes);
            GoAhead(said.Words, cues, ref yes, ref no);
            weak |= Any(said, cues.Weak);
            condition |= Any(said, cues.Condition);
        }

        return new(languages, yes, weak, no, denied && !yes && words <= LongestPlainNo, condition);
    }

    /// <summary>
    /// Whether an agent's message asks for a go-ahead: in words, or by a question mark, unless it only asks for further wishes.
    /// </summary>
    public static bool Asks(SpokenText said) =>
        AsksForYes(said) || (said.Text.Contains('?', StringComparison.Ordinal) && !AsksForMore(said));

    /// <summary>Whether a message asks for a go-ahead in words.</summary>
    public static bool AsksForYes(SpokenText said) => said.Words.AsSpan().ContainsAny(ForYes);

    /// <summary>Whether a message asks for further wishes, so that a no to it refuses nothing.</summary>
    public static bool AsksForMore(SpokenText said) => said.Words.AsSpan().ContainsAny(ForMore);

    public static bool DoesNotKnow(SpokenText said) => said.Words.AsSpan().ContainsAny(Unknowing);

    /// <summary>Words for the present value, in any language, each between spaces.</summary>
    public static IReadOnlyList<string> Same { get; } = [.. Padded.SelectMany(c => c.Same).Distinct(StringComparer.Ordinal)];

    // "Never mind" has no common word, but the table has it as a whole.
    private static int Spoken(SpokenText said)
    {
        var languages = 0;
        for (var l = 0; l < Padded.Length; l++)
        {
            if (Any(said, Padded[l].Yes) || Any(said, Padded[l].GoAhead) || Any(said, Padded[l].CallOff))
                languages |= 1 << l;
        }

        return languages;
    }

    // The languages with at least half as many common words as the top one. A message in an unknown language has none.
    private static (int Languages, int Words) Known(string words)
    {
        Span<int> counts = stackalloc int[Padded.Length];
        counts.Clear();
        var tokens = 0;
        for (var at = 1; at < words.Length; )
        {
            var end = words.IndexOf(' ', at);
            tokens++;
            if (LanguageOfSpan.TryGetValue(words.AsSpan(at, end - at), out var mask))
            {
                for (; mask != 0; mask &= mask - 1)
                    counts[BitOperations.TrailingZeroCount(mask)]++;
            }

            at = end + 1;
        }

        var most = 0;
        foreach (var count in counts)
            most = Math.Max(most, count);
        if (most == 0)
            return (0, tokens);
        var languages = 0;
        for (var l = 0; l < counts.Length; l++)
        {
            if (counts[l] > 0 && counts[l] * 2 >= most)
                languages |= 1 << l;
        }

        return (languages, tokens);
    }

    private static bool Begins(string words, Cues cues)
    {
        foreach (var no in cues.No)
        {
            if (!words.StartsWith(no, StringComparison.Ordinal))
                continue;
            // "No longer needed": several languages share the "no", so the next words are compared in all of them.
            return !Array.Exists(
                Padded,
                c => Array.Exists(c.NotANo, harmless => words.AsSpan(no.Length - 1).StartsWith(harmless, StringComparison.Ordinal))
            );
        }

        return false;
    }

    // "I do not confirm", "that is not correct": one of the two words before negates it. "…, correct?" is a question.
    private static void GoAhead(string words, Cues cues, ref bool yes, ref bool no)
    {
        foreach (var cue in cues.GoAhead)
        {
            for (var at = words.IndexOf(cue, StringComparison.Ordinal); at >= 0; at = words.IndexOf(cue, at + 1, StringComparison.Ordinal))
            {
                var from = at == 0 ? 0 : words.LastIndexOf(' ', at - 1);
                if (words.AsSpan(at + cue.Length).StartsWith("? ", StringComparison.Ordinal))
                    continue;
                from = from <= 0 ? 0 : words.LastIndexOf(' ', from - 1);
                var before = words.AsSpan(Math.Max(0, from), at + 1 - Math.Max(0, from));
                var negated = false;
                foreach (var negating in cues.Negating)
                    negated |= before.Contains(negating, StringComparison.Ordinal);
                if (negated)
                    no = true;
                else
                    yes = true;
            }
        }
    }

    private static bool Any(SpokenText said, string[] cues)
    {
        foreach (var cue in cues)
        {
            if (said.Has(cue))
                return true;
        }

        return false;
    }

    private static SearchValues<string> InAnyLanguage(Func<Cues, string[]> cues) =>
        SearchValues.Create([.. Padded.SelectMany(cues).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);

    private static FrozenDictionary<string, int> Table()
    {
        var table = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var l = 0; l < Cues.All.Length; l++)
        {
            var cues = Cues.All[l];
            foreach (
                var word in cues
                    .Common.Concat(cues.Yes)
                    .Concat(cues.No)
                    .Concat(cues.GoAhead)
                    .Concat(cues.Weak)
                    .Where(w => !w.Contains(' ', StringComparison.Ordinal))
                    .Distinct(StringComparer.Ordinal)
            )
                table[word] = table.GetValueOrDefault(word) | (1 << l);
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }

    // The cues in the form of a padded text.
    private static Cues Pad(Cues cues) =>
        cues with
        {
            Yes = Pad(cues.Yes),
            GoAhead = Pad(cues.GoAhead),
            Weak = Pad(cues.Weak),
            No = Pad(cues.No),
            NotANo = Pad(cues.NotANo),
            CallOff = Pad(cues.CallOff),
            Negating = Pad(cues.Negating),
            Condition = Pad(cues.Condition),
            AsksForYes = Pad(cues.AsksForYes),
            AnythingElse = Pad(cues.AnythingElse),
            DoesNotKnow = Pad(cues.DoesNotKnow),
            Same = Pad(cues.Same),
        };

    private static string[] Pad(string[] cues) => [.. cues.Select(c => $" {c} ")];
}
