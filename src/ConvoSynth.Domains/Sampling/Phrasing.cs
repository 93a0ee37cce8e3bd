using System.Text;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Small grammar for text made from a pack's templates: sentences, enumerations, and how to ask for a fact by its label.
/// </summary>
public static class Phrasing
{
    /// <summary>A clause as a sentence: first letter upper-case, and a full stop unless it ends in one.</summary>
    public static string Sentence(string clause)
    {
        var text = clause.Trim();
        if (text.Length == 0)
            return text;
        var end = text[^1];
        // A quotation that ends with its own full stop ends the sentence too: “No renewal of a reserved title.”
        var stopped = end is '.' or '!' or '?' or '…' || (end is '"' or '”' or ')' && text.Length > 1 && text[^2] is '.' or '!' or '?');
        return Capital(stopped ? text : text + ".");
    }

    /// <summary>The text with its first letter upper-case, unless it begins with an address or id.</summary>
    public static string Capital(string text)
    {
        if (text.Length == 0 || !char.IsLower(text[0]))
            return text;
        foreach (var c in text)
        {
            if (c is ' ' or ',')
                break;
            if (c is '@' or '_' || char.IsAsciiDigit(c))
                return text;
        }

        return string.Concat(char.ToUpperInvariant(text[0]).ToString(), text.AsSpan(1));
    }

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string And(IReadOnlyList<string> items)
    {
        switch (items.Count)
        {
            case 0:
                return "";
            case 1:
                return items[0];
            case 2:
                return $"{items[0]} and {items[1]}";
        }

        var text = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
            text.Append(
                    i == 0 ? ""
                    : i == items.Count - 1 ? " and "
                    : ", "
                )
                .Append(items[i]);
        return text.ToString();
    }

    /// <summary>Whether a request begins with a noun phrase or question word; then "know" or "tell you" goes before it.</summary>
    public static bool NamesKnowledge(string words)
    {
        var blank = words.IndexOf(' ', StringComparison.Ordinal);
        var head = blank < 0 ? words : words[..blank];
        return head is "the" or "a" or "an" or "your" or "my" or "all" or "every" || IsClause(words);
    }

    /// <summary>The verb for a label: "the flights are", "the address is".</summary>
    public static string Is(string label) =>
        label.EndsWith('s') && !label.EndsWith("ss", StringComparison.Ordinal) && !label.EndsWith("us", StringComparison.Ordinal)
            ? "are"
            : "is";

    /// <summary>Whether a question word begins the words.</summary>
    public static bool IsClause(string words)
    {
        var blank = words.IndexOf(' ', StringComparison.Ordinal);
        return (blank < 0 ? words : words[..blank])
            is "how"
                or "what"
                or "when"
                or "where"
                or "which"
                or "who"
                or "whether"
                or "why"
                or "until"
                or "if";
    }

    /// <summary>The request so that it completes "I would like to …", for acts and for questions.</summary>
    public static string AsAct(string words) => NamesKnowledge(words) ? "know " + words : words;

    /// <summary>The request so that it completes "Can you tell me …?".</summary>
    public static string AsKnowledge(string words)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["know ", "find out ", "learn "])
        {
            if (words.StartsWith(prefix, StringComparison.Ordinal))
                return words[prefix.Length..];
        }

        return words;
    }

    /// <summary>A counted value with its unit: "2 weeks"; null if the label is not plural or the fact is not a bare number.</summary>
    public static string? Counted(string type, string label, string said)
    {
        if (!IsUnit(type, label) || said.Length == 0 || !said.All(char.IsAsciiDigit))
            return null;
        return said != "1" ? $"{said} {label}"
            : label == "people" ? "1 person"
            : $"1 {label[..^1]}";
    }

    /// <summary>What an agent asks for to learn a fact: "the title", "how many weeks you need".</summary>
    public static string Asked(string type, string label) => IsUnit(type, label) ? $"how many {label} you need" : $"the {label}";

    /// <summary>Whether the label is a unit of counting: "weeks".</summary>
    internal static bool IsUnit(string type, string label) =>
        type == "count"
        && !label.Contains(' ', StringComparison.Ordinal)
        && (label == "people" || (label.EndsWith('s') && !label.EndsWith("ss", StringComparison.Ordinal)));
}
