using System.Text;
using ConvoSynth.Dialogues.Prompts;

namespace ConvoSynth.Verification.Judges;

/// <summary>Whether evidence quotes a message. A judge that cannot point at the words has not read them.</summary>
public static class Quotations
{
    /// <summary>What is wrong with evidence that quotes nothing.</summary>
    internal const string Missing =
        "the evidence quotes nothing that stands in a message; quote the decisive words letter by letter, in double quotation marks";

    private const int Shortest = 2;

    // Each pair of quotation marks may be a quotation, so marks beyond this count are ignored to bound the search.
    private const int MaxMarks = 40;

    /// <summary>
    /// Whether the text between two quotation marks, or the evidence as a whole, occurs in a message. White space, case, the form of
    /// quotation marks and an ellipsis at either end do not matter.
    /// </summary>
    public static bool Holds(string evidence, IEnumerable<QuotedMessage> messages) => Holds(evidence, Plain(messages.Select(m => m.Text)));

    /// <inheritdoc cref="Holds(string, IEnumerable{QuotedMessage})"/>
    /// <param name="texts">The texts that evidence may quote, in the form of <see cref="Plain(IEnumerable{string})"/>.</param>
    internal static bool Holds(string evidence, string[] texts)
    {
        var plain = Plain(evidence);
        if (IsIn(plain, texts))
            return true;
        int[] marks = [.. Enumerable.Range(0, plain.Length).Where(i => plain[i] == '"').Take(MaxMarks)];
        // Marks alternate between opening and closing. A quotation may itself contain marks, so every opening mark is paired with every
        // later closing one.
        for (var from = 0; from < marks.Length; from += 2)
        {
            for (var to = from + 1; to < marks.Length; to += 2)
            {
                if (IsIn(plain[(marks[from] + 1)..marks[to]], texts))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Texts that evidence may quote, prepared once for all criteria of a question: messages, changes, a task's notes.</summary>
    internal static string[] Plain(IEnumerable<string> quotable) => [.. quotable.Select(Plain)];

    private static bool IsIn(string quotation, string[] texts)
    {
        var words = quotation.Trim().Trim('…', '.').Trim();
        return words.Count(char.IsLetterOrDigit) >= Shortest
            && Array.Exists(texts, t => t.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                if (plain.Length > 0 && plain[^1] != ' ')
                    plain.Append(' ');
                continue;
            }

            plain.Append(
                c switch
                {
                    '“' or '”' or '„' or '«' or '»' => '"',
                    '’' or '‘' => '\'',
                    _ => c,
                }
            );
        }

        return plain.ToString();
    }
}
