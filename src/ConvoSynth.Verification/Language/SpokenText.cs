using System.Buffers;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// One message's text, normalised once for many lookups: lower-case words with single spaces between and around them, without apostrophes
/// (<c>don't</c> → <c>dont</c>). Each question mark is a word of its own. An ordinal search then finds a phrase.
/// </summary>
internal sealed class SpokenText(string text)
{
    private static readonly TextMemo<string> Phrases = new(Padded);

    private string? _words;
    private Reading? _reading;

    /// <summary>The original text.</summary>
    public string Text { get; } = text;

    /// <summary>The words, each with a space before and after it; one space if there is none.</summary>
    public string Words => _words ??= Padded(Text);

    /// <summary>The signals of the words: yes, no, condition.</summary>
    public Reading Reading => _reading ??= Reading.Of(this);

    /// <summary>Whether the text contains a phrase in the form of <see cref="Padded"/>.</summary>
    public bool Has(string padded) => Words.Contains(padded, StringComparison.Ordinal);

    /// <summary>The padded words of each sentence, line or part in parentheses; a mark within a number ends none.</summary>
    public IEnumerable<string> Sentences()
    {
        var from = 0;
        for (var i = 0; i <= Text.Length; i++)
        {
            if (
                i < Text.Length
                && !(
                    Text[i] is '\n' or '(' or ')' or ';' or '!' or '?'
                    || (Text[i] is '.' or ':' && (i + 1 == Text.Length || char.IsWhiteSpace(Text[i + 1]) || Text[i + 1] is '"' or '”'))
                )
            )
                continue;
            if (i > from)
                yield return Padded(Text[from..i]);
            from = i + 1;
        }
    }

    /// <summary><see cref="Padded"/> with a cache, for texts of the scenario or of rows, which are compared with every message.</summary>
    public static string Phrase(string text) => Phrases[text];

    /// <summary>The normalised words of a text, with single spaces between and around them.</summary>
    public static string Padded(string text)
    {
        // A question mark becomes at most three characters.
        var rented = ArrayPool<char>.Shared.Rent((text.Length * 3) + 2);
        var length = 1;
        rented[0] = ' ';
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                rented[length++] = char.ToLowerInvariant(c);
            }
            else if (c == '?')
            {
                if (rented[length - 1] != ' ')
                    rented[length++] = ' ';
                rented[length++] = '?';
                rented[length++] = ' ';
            }
            else if (c is not ('\'' or '’') && rented[length - 1] != ' ')
            {
                rented[length++] = ' ';
            }
        }

        if (rented[length - 1] != ' ')
            rented[length++] = ' ';
        var words = new string(rented, 0, length);
        ArrayPool<char>.Shared.Return(rented);
        return words;
    }
}
