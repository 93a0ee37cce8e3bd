using System.Buffers;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// One message's text, made ready once for many questions: its words in lower case with single blanks between and around them, apostrophes
/// dropped (<c>don't</c> → <c>dont</c>) and each question mark a word of its own, so that a phrase is found by an ordinal search.
/// </summary>
internal sealed class SpokenText(string text)
{
    private static readonly TextMemo<string> Phrases = new(Padded);

    private string? _words;
    private Reading? _reading;

    /// <summary>The text as it stands.</summary>
    public string Text { get; } = text;

    /// <summary>The words, each with a blank before and after it; one blank where there is none.</summary>
    public string Words => _words ??= Padded(Text);

    /// <summary>What the words amount to: yes, no, a question.</summary>
    public Reading Reading => _reading ??= Reading.Of(this);

    /// <summary>Whether the text says a phrase that <see cref="Padded"/> has made ready.</summary>
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
                    || (Text[i] is '.' or ':' && (i + 1 == Text.Length || char.IsWhiteSpace(Text[i + 1])))
                )
            )
                continue;
            if (i > from)
                yield return Padded(Text[from..i]);
            from = i + 1;
        }
    }

    /// <summary>What <see cref="Padded"/> gives, for a text of the scenario or of a row, of which every message is asked.</summary>
    public static string Phrase(string text) => Phrases[text];

    /// <summary>The words of a text between single blanks.</summary>
    public static string Padded(string text)
    {
        // A question mark becomes three characters at most.
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
