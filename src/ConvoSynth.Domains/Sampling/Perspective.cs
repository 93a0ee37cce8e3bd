using System.Text;

namespace ConvoSynth.Domains;

/// <summary>
/// Turns clauses between the second person ("your order", as packs and instructions have it) and the first ("my order", as the human
/// says it). What stands in double quotes is a name or title and stays as it is, and so does a capitalised word.
/// </summary>
public static class Perspective
{
    // After these, "you" is an object: "charged you" → "charged me".
    private static readonly string[] TakesObject =
    [
        "to", "for", "by", "of", "from", "with", "at", "on", "about", "let", "tell", "told", "give", "gave", "given", "send", "sent", "owe", "owes",
        "cost", "costs", "charge", "charged", "refund", "refunded", "help", "helps", "allow", "allows", "reach", "reached", "suit", "suits", "fit", "fits", "asked",
    ];

    /// <summary>The clause as the human says it of themselves: "you are moving" → "I am moving".</summary>
    public static string First(string text) => Turn(text, first: true);

    /// <summary>The clause as somebody says it to the human: "my order" → "your order".</summary>
    public static string Second(string text) => Turn(text, first: false);

    private static string Turn(string text, bool first)
    {
        if (!MayHold(text, first)) return text;
        var turned = new StringBuilder(text.Length + 8);
        var quoted = false;
        var before = "";
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (c == '"' || c == '“' || c == '”') quoted = c == '"' ? !quoted : c == '“';
            if (quoted || !char.IsLetter(c))
            {
                turned.Append(c);
                at++;
                continue;
            }

            var end = at;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '\'' or '’' or '_')) end++;
            var word = text[at..end];
            var next = Next(text, end);
            turned.Append(first ? ToFirst(word, before, next, ref end) : ToSecond(word, next, ref end));
            before = word;
            at = end;
        }

        return turned.ToString();
    }

    private static bool MayHold(string text, bool first) => first
        ? text.Contains("you", StringComparison.Ordinal)
        : text.Contains("my", StringComparison.Ordinal) || text.Contains("me", StringComparison.Ordinal) || text.Contains('I', StringComparison.Ordinal)
            || text.Contains("mine", StringComparison.Ordinal);

    private static string ToFirst(string word, string before, string next, ref int end)
    {
        switch (word)
        {
            case "your": return "my";
            case "yours": return "mine";
            case "yourself": return "myself";
            case "you're" or "you’re": return "I'm";
            case "you've" or "you’ve": return "I've";
            case "you'd" or "you’d": return "I'd";
            case "you'll" or "you’ll": return "I'll";
            case "you" when TakesObject.Contains(before): return "me";
            case "you" when next == "are":
                end += 4;
                return "I'm";
            case "you" when next == "were":
                end += 5;
                return "I was";
            case "you" when next is "" or "and" or "or" or "when" or "because" or "if" or "before" or "after": return before.Length == 0 ? "I" : "me";
            case "you": return "I";
            default: return word;
        }
    }

    private static string ToSecond(string word, string next, ref int end)
    {
        switch (word)
        {
            case "my": return "your";
            case "mine": return "yours";
            case "myself": return "yourself";
            case "me": return "you";
            case "I'm" or "I’m": return "you are";
            case "I've" or "I’ve": return "you've";
            case "I'd" or "I’d": return "you'd";
            case "I'll" or "I’ll": return "you'll";
            case "I" when next == "am":
                end += 3;
                return "you are";
            case "I" when next == "was":
                end += 4;
                return "you were";
            case "I" when char.IsLower(next.Length > 0 ? next[0] : 'X'): return "you";
            default: return word;
        }
    }

    // The word that follows after exactly one blank; empty before punctuation or the end.
    private static string Next(string text, int end)
    {
        if (end + 1 >= text.Length || text[end] != ' ') return "";
        var to = end + 1;
        while (to < text.Length && char.IsLetter(text[to])) to++;
        return text[(end + 1)..to];
    }
}
