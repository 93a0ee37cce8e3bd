using System.Text;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Converts clauses between the second person ("your order", as in packs and instructions) and the first ("my order", as the human
/// says it). Text in double quotes is a name or title and stays unchanged, and so does a capitalised word.
/// </summary>
public static class Perspective
{
    // After these, "you" is an object: "charged you" → "charged me", "makes you wait" → "makes me wait".
    private static readonly string[] TakesObject =
    [
        "to",
        "for",
        "by",
        "of",
        "from",
        "with",
        "at",
        "on",
        "about",
        "let",
        "tell",
        "told",
        "give",
        "gave",
        "given",
        "send",
        "sent",
        "owe",
        "owes",
        "cost",
        "costs",
        "charge",
        "charged",
        "refund",
        "refunded",
        "help",
        "helps",
        "allow",
        "allows",
        "reach",
        "reached",
        "suit",
        "suits",
        "fit",
        "fits",
        "asked",
        "make",
        "makes",
        "made",
        "keep",
        "keeps",
        "kept",
        "want",
        "wants",
        "force",
        "forces",
        "forced",
        "leave",
        "leaves",
        "left",
        "stop",
        "stops",
    ];

    /// <summary>The clause in the human's own words: "you are moving" → "I am moving".</summary>
    public static string First(string text) => Turn(text, first: true);

    /// <summary>The clause as addressed to the human: "my order" → "your order".</summary>
    public static string Second(string text) => Turn(text, first: false);

    private static string Turn(string text, bool first)
    {
        StringBuilder? turned = null;
        var copied = 0;
        var quoted = false;
        ReadOnlySpan<char> before = [];
        for (var at = 0; at < text.Length; )
        {
            var c = text[at];
            if (c == '"' || c == '“' || c == '”')
                quoted = c == '"' ? !quoted : c == '“';
            if (quoted || !char.IsLetter(c))
            {
                at++;
                continue;
            }

            var end = at;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '\'' or '’' or '_'))
                end++;
            var word = text.AsSpan(at, end - at);
            if ((first ? ToFirst(word, before, Next(text, end), ref end) : ToSecond(word, Next(text, end), ref end)) is { } other)
            {
                (turned ??= new(text.Length + 8)).Append(text, copied, at - copied).Append(other);
                copied = end;
            }

            before = word;
            at = end;
        }

        return turned is null ? text : turned.Append(text, copied, text.Length - copied).ToString();
    }

    // The replacement; null if the word stays.
    private static string? ToFirst(ReadOnlySpan<char> word, ReadOnlySpan<char> before, ReadOnlySpan<char> next, ref int end)
    {
        switch (word)
        {
            case "your":
                return "my";
            case "yours":
                return "mine";
            case "yourself":
                return "myself";
            case "you're" or "you’re":
                return "I'm";
            case "you've" or "you’ve":
                return "I've";
            case "you'd" or "you’d":
                return "I'd";
            case "you'll" or "you’ll":
                return "I'll";
            case "you" when IsBeforeObject(before):
                return "me";
            case "you" when next is "are":
                end += 4;
                return "I'm";
            case "you" when next is "were":
                end += 5;
                return "I was";
            case "you" when next is "" or "and" or "or" or "when" or "because" or "if" or "before" or "after":
                return before.Length == 0 ? "I" : "me";
            case "you":
                return "I";
            default:
                return null;
        }
    }

    private static string? ToSecond(ReadOnlySpan<char> word, ReadOnlySpan<char> next, ref int end)
    {
        switch (word)
        {
            case "my":
                return "your";
            case "mine":
                return "yours";
            case "myself":
                return "yourself";
            case "me":
                return "you";
            case "I'm" or "I’m":
                return "you are";
            case "I've" or "I’ve":
                return "you've";
            case "I'd" or "I’d":
                return "you'd";
            case "I'll" or "I’ll":
                return "you'll";
            case "I" when next is "am":
                end += 3;
                return "you are";
            case "I" when next is "was":
                end += 4;
                return "you were";
            case "I" when char.IsLower(next.Length > 0 ? next[0] : 'X'):
                return "you";
            default:
                return null;
        }
    }

    private static bool IsBeforeObject(ReadOnlySpan<char> word)
    {
        foreach (var each in TakesObject)
        {
            if (word.SequenceEqual(each))
                return true;
        }

        return false;
    }

    // The word that follows after exactly one blank; empty before punctuation or the end.
    private static ReadOnlySpan<char> Next(string text, int end)
    {
        if (end + 1 >= text.Length || text[end] != ' ')
            return [];
        var to = end + 1;
        while (to < text.Length && char.IsLetter(text[to]))
            to++;
        return text.AsSpan(end + 1, to - end - 1);
    }
}
