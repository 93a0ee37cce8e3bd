using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Verification.Language;

/// <summary>Whether a strong trait of a persona shows in the human's messages.</summary>
/// <param name="Trait">The dial: <c>brief</c>, <c>lower_case</c>, …</param>
/// <param name="Shows">Whether any message shows the trait.</param>
/// <param name="Contradicts">Whether the text clearly shows the opposite.</param>
public sealed record MannerSign(string Trait, bool Shows, bool Contradicts);

/// <summary>
/// Compares the text with the expectations of a persona's dials. It only counts, so that it works for any speaker. A dial below 0.8
/// expects nothing.
/// </summary>
public static class MannerSigns
{
    private const double Strong = 0.8;
    private const int MinMessages = 3;
    private const int ShortMessage = 12;
    private const int LongMessage = 40;
    private const int Talkative = 14;

    private static readonly string[] Courtesies =
    [
        "please",
        "thank",
        "would you",
        "could you",
        "could i",
        "may i",
        "sorry",
        "if i may",
        "grateful",
        "appreciate",
    ];
    private static readonly string[] Hesitations =
    [
        "um",
        "uh",
        "hm",
        "hmm",
        "…",
        "not sure",
        "i think",
        "let me see",
        "let me check",
        "hang on",
        "one moment",
        "perhaps",
        "i suppose",
        "don't know",
        "don't quite",
    ];
    private static readonly string[] Impatience =
    [
        "just",
        "at last",
        "finally",
        "about time",
        "typical",
        "that's all",
        "get it over",
        "trouble",
        "ridiculous",
        "seriously",
        "!",
        "not happy",
        "great service",
        "look,",
        "well,",
    ];

    /// <summary>The signs of the persona's strong traits; empty for fewer than 3 messages.</summary>
    public static ImmutableArray<MannerSign> Of(Blueprint blueprint, IEnumerable<Message> messages)
    {
        var traits = blueprint.Persona.Traits;
        if (traits is not JsonMap strengths || !strengths.Values.Any(t => t.Number >= Strong))
            return [];
        var said = messages.Where(m => m.Role == MessageRole.User).Select(m => Spoken(m.Content ?? "")).Where(t => t.Length > 0).ToArray();
        if (said.Length < MinMessages)
            return [];
        var lengths = said.Select(Words).Order().ToArray();
        var median = lengths[lengths.Length / 2];
        // A long wish makes a long message, however brief the person is.
        var longest = LongMessage + blueprint.Scenario.Requests.Select(r => Words(r.Words)).DefaultIfEmpty().Max();
        var signs = ImmutableArray.CreateBuilder<MannerSign>();
        string? joined = null;
        string All() => joined ??= string.Join('\n', said).ToLowerInvariant();
        void Expect(string trait, Func<bool> shows, bool contradicts)
        {
            if (traits[trait].Number >= Strong)
                signs.Add(new(trait, shows(), contradicts));
        }

        var small = SmallStarts(said);
        Expect("lower_case", () => small >= 0.8, small < 0.5);
        Expect("brief", () => median <= ShortMessage, median > longest);
        Expect("hurried", () => median <= ShortMessage, median > longest);
        Expect("polite", () => Has(All(), Courtesies), contradicts: false);
        Expect("chatty", () => lengths.Average() >= Talkative || All().Contains('!'), contradicts: false);
        Expect("unsure", () => Has(All(), Hesitations) || AsksBack(said), contradicts: false);
        // A careful person asks before they agree. A dialogue without a write asks for no agreement.
        if (blueprint.Actions.Any(a => a.Writes))
            Expect("careful", () => AsksBack(said), contradicts: false);
        Expect("cross", () => Has(All(), Impatience), contradicts: false);
        return signs.ToImmutable();
    }

    // The share of sentences that begin with a lower-case letter. Sentences that begin with a code or figure do not count.
    private static double SmallStarts(string[] said)
    {
        var (small, capital) = (0, 0);
        foreach (var text in said)
        {
            for (var i = 0; i < text.Length; i++)
            {
                var begins = i == 0 || (char.IsWhiteSpace(text[i - 1]) && i > 1 && text[i - 2] is '.' or '!' or '?');
                if (!begins || !char.IsLetter(text[i]))
                    continue;
                if (char.IsLower(text[i]))
                    small++;
                else
                    capital++;
            }
        }

        return small + capital == 0 ? 1 : (double)small / (small + capital);
    }

    private static int Words(string text)
    {
        var words = 0;
        for (var i = 0; i < text.Length; i++)
            words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ') ? 1 : 0;
        return words;
    }

    // A short question after the first message: it asks back and states no new wish.
    private static bool AsksBack(string[] said) => said.Skip(1).Any(t => t.EndsWith('?') && t.Split(' ').Length <= ShortMessage + 4);

    private static bool Has(string text, string[] signs) =>
        signs.Any(s => char.IsLetter(s[0]) ? ContainsWord(text, s) : text.Contains(s, StringComparison.Ordinal));

    // Matches at the beginning of a word: "thank" matches "thanks". Words of up to 3 letters match whole words only: "um" does not match
    // "number".
    private static bool ContainsWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetter(text[at - 1])) && (word.Length > 3 || end == text.Length || !char.IsLetter(text[end])))
                return true;
        }

        return false;
    }

    private static string Spoken(string text) => text.Replace("###STOP###", "", StringComparison.Ordinal).Trim();
}
