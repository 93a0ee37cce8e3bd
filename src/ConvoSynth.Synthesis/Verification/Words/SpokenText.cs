using System.Text;

namespace ConvoSynth.Synthesis;

/// <summary>
/// One message's text, made ready once for many questions: its words in lower case with single blanks between and around them, apostrophes
/// dropped (<c>don't</c> → <c>dont</c>) and each question mark a word of its own, so that a phrase is found by an ordinal search.
/// </summary>
internal sealed class SpokenText(string text)
{
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

    /// <summary>The words of a text between single blanks.</summary>
    public static string Padded(string text)
    {
        var words = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c)) words.Append(char.ToLowerInvariant(c));
            else if (c == '?') words.Append(words[^1] == ' ' ? "? " : " ? ");
            else if (c is not ('\'' or '’') && words[^1] != ' ') words.Append(' ');
        }

        if (words[^1] != ' ') words.Append(' ');
        return words.ToString();
    }
}
