using System.Collections.Frozen;

namespace ConvoSynth.Verification.Language;

/// <summary>The roles of a word that decide whether its sentence claims an act as done.</summary>
[Flags]
internal enum WordRole
{
    None = 0,

    /// <summary>The speaker: "I", "we".</summary>
    Speaker = 1,

    /// <summary>The person spoken to: "you".</summary>
    Listener = 1 << 1,

    /// <summary>"have", "has", "had".</summary>
    Have = 1 << 2,

    /// <summary>"is", "are", "am".</summary>
    Is = 1 << 3,

    /// <summary>"was", "were".</summary>
    Was = 1 << 4,

    Been = 1 << 5,

    /// <summary>Makes an act possible, wanted or future: "can", "will", "to", "would".</summary>
    Modal = 1 << 6,

    Not = 1 << 7,

    /// <summary>"if", "once", "when": the clause may be untrue.</summary>
    Condition = 1 << 8,

    /// <summary>May stand between an auxiliary and its verb.</summary>
    Adverb = 1 << 9,

    /// <summary>"that", "which", "who".</summary>
    Relative = 1 << 10,

    /// <summary>The speaker is unsure, or only passes on a record.</summary>
    Hedge = 1 << 11,

    /// <summary>Dates the act back: "already", "previously".</summary>
    Before = 1 << 12,

    /// <summary>Begins another clause: "but", "however", "so".</summary>
    Break = 1 << 13,

    And = 1 << 14,

    Or = 1 << 15,

    /// <summary>Retracts an earlier statement: "correction", "misread".</summary>
    Correction = 1 << 16,

    /// <summary>Impossible or forbidden, without a "not": "unable", "unfortunately".</summary>
    Unable = 1 << 17,

    /// <summary>A participle that turns the noun beside it into a claim: "processed", "submitted", "completed".</summary>
    Light = 1 << 18,

    /// <summary>Has no content of its own: articles, prepositions, pronouns.</summary>
    Filler = 1 << 19,

    /// <summary>Common in English text of any kind; a text with few such words is in another language.</summary>
    English = 1 << 20,

    /// <summary>"being", "currently": unfinished.</summary>
    Ongoing = 1 << 21,

    /// <summary>A text of the agent itself: "proposal", "summary".</summary>
    Draft = 1 << 22,

    /// <summary>Doubts a value: "probably", "around".</summary>
    Doubt = 1 << 25,

    /// <summary>A refusal together with a "not": "allowed", "possible".</summary>
    Permit = 1 << 26,

    /// <summary>"successfully".</summary>
    Success = 1 << 23,

    /// <summary>"went ahead to", "took care to", "was able to", "managed to": the following act was achieved.</summary>
    Achieved = 1 << 24,
}

/// <summary>The English words behind the language checks. Another language needs a table of its own.</summary>
internal static class EnglishWords
{
    private static readonly FrozenDictionary<string, WordRole> Roles = Table();

    private static readonly FrozenDictionary<string, WordRole>.AlternateLookup<ReadOnlySpan<char>> BySpan = Roles.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    public static WordRole RoleOf(ReadOnlySpan<char> word) => BySpan.TryGetValue(word, out var role) ? role : WordRole.None;

    private static FrozenDictionary<string, WordRole> Table()
    {
        var roles = new Dictionary<string, WordRole>(StringComparer.OrdinalIgnoreCase);
        Add(WordRole.Speaker, "i we i've we've i'm we're i'll we'll i'd we'd i'd");
        Add(WordRole.Listener, "you you've you're you'll you'd");
        Add(WordRole.Have, "have has had having i've we've you've they've hasn't haven't hadn't");
        Add(WordRole.Is, "is are am be i'm we're you're they're it's that's there's isn't aren't here's");
        Add(WordRole.Was, "was were wasn't weren't got");
        Add(WordRole.Been, "been");
        Add(WordRole.Ongoing, "being currently");
        Add(WordRole.Draft, "proposal proposed recap summary plan draft options list quote estimate calculation details notes");
        Add(WordRole.Permit, "allowed permitted possible eligible able qualify qualifies available");
        Add(WordRole.Success, "successfully");
        Add(
            WordRole.Doubt,
            "seems seem appears appear apparently probably perhaps maybe possibly think believe guess might assume "
                + "estimated approximately around"
        );
        Add(WordRole.Achieved, "went took able managed");
        Add(
            WordRole.Modal,
            "can could will would shall should may might must to cannot can't couldn't won't wouldn't shouldn't i'll "
                + "we'll you'll it'll they'll that'll i'd we'd you'd let let's need needs want wants please for able going "
                + "about plan intend proceed require requires required eligible ready willing like"
        );
        Add(
            WordRole.Not,
            "not no never neither nor without cannot can't couldn't won't wouldn't shouldn't hasn't haven't hadn't isn't "
                + "aren't wasn't weren't don't doesn't didn't nothing none"
        );
        Add(WordRole.Condition, "if once when whenever after before unless until till whether while should assuming provided");
        Add(
            WordRole.Adverb,
            "now just also already successfully then recently previously therefore accordingly hereby all both either "
                + "fully immediately indeed duly finally promptly gladly carefully"
        );
        Add(WordRole.Relative, "that which who whose");
        Add(
            WordRole.Hedge,
            "seems seem appears appear looks look apparently probably perhaps maybe possibly think believe guess might "
                + "assume according shows indicates if ensure verify check confirming"
        );
        Add(WordRole.Before, "already previously earlier before originally initially");
        Add(WordRole.Break, "but however though although so because since as while whereas therefore unfortunately");
        Add(WordRole.And, "and");
        Add(WordRole.Or, "or either");
        Add(WordRole.Correction, "correction mistaken misread misspoke miscalculated scratch");
        Add(
            WordRole.Unable,
            "unable unfortunately impossible ineligible prohibited forbidden disallowed declined refuse decline regret "
                + "afraid unavailable barred"
        );
        Add(
            WordRole.Light,
            "processed submitted completed initiated requested placed registered made filed recorded entered done "
                + "complete successful finalized finalised executed performed created applied"
        );
        Add(
            WordRole.Filler,
            "a an the of in on at by with from for to into as this that these those it its your my our their his her you "
                + "i we they them me us is are was were be been am do does did has have had will would can could and or but if "
                + "so not no there here what which who when where how than then only any some all each one such about up out "
                + "off over per i'm it's"
        );
        Add(
            WordRole.English,
            "a an the of in on at by with from for to this that it your you i we is are was be have has will would can "
                + "could and or but if not there what how please let help thank thanks is i'm it's done any do my"
        );
        return roles.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(WordRole role, string words)
        {
            foreach (var word in words.Split(' '))
                roles[word] = roles.GetValueOrDefault(word) | role;
        }
    }
}
