using System.Globalization;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Verification.Language;

/// <summary>One word of a text.</summary>
/// <param name="Start">Offset in the text.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="Sentence">Index of its sentence.</param>
/// <param name="Clause">Index of its clause; commas, dashes, colons and sentence ends separate clauses.</param>
internal readonly record struct TextWord(int Start, int Length, int Sentence, int Clause, WordRole Role)
{
    public int End => Start + Length;

    public bool Is(WordRole role) => (Role & role) != WordRole.None;
}

/// <summary>A sentence, or a line of a list, as a range of words (<paramref name="LastWord"/> is exclusive).</summary>
internal readonly record struct TextSentence(int Start, int End, int FirstWord, int LastWord, bool IsQuestion);

/// <summary>An amount of money in a text: a number with a dollar sign before it.</summary>
internal readonly record struct MoneyWord(double Value, int Start, int Sentence);

/// <summary>A message split into words and sentences once, for all checks that analyse it.</summary>
internal sealed class AgentText
{
    /// <summary>Maximum number of words analysed; no report is that long.</summary>
    private const int MaxWords = 2_000;

    private readonly List<TextWord> _words;
    private readonly List<TextSentence> _sentences;
    private List<MoneyWord>? _amounts;
    private string?[]? _quotes;
    private string?[]? _padded;

    private AgentText(string text, List<TextWord> words, List<TextSentence> sentences, int commonWords)
    {
        Text = text;
        _words = words;
        _sentences = sentences;
        CommonWords = commonWords;
    }

    /// <summary>The text with straight apostrophes; positions are those of the original.</summary>
    public string Text { get; }

    public IReadOnlyList<TextWord> Words => _words;

    public IReadOnlyList<TextSentence> Sentences => _sentences;

    /// <summary>Number of common English words in the text.</summary>
    public int CommonWords { get; }

    public IReadOnlyList<MoneyWord> Amounts => _amounts ??= FindAmounts();

    public ReadOnlySpan<char> this[TextWord word] => Text.AsSpan(word.Start, word.Length);

    public string Quote(TextSentence sentence) =>
        (_quotes ??= new string?[_sentences.Count])[_words[sentence.FirstWord].Sentence] ??= Text[sentence.Start..sentence.End].Trim();

    /// <summary>A sentence's words in the form of <see cref="SpokenText.Padded"/>; made once, since several checks search them.</summary>
    public string PaddedOf(TextSentence sentence) =>
        (_padded ??= new string?[_sentences.Count])[_words[sentence.FirstWord].Sentence] ??= SpokenText.Padded(Quote(sentence));

    public static AgentText Of(string original)
    {
        var text = original.Contains('’') ? original.Replace('’', '\'') : original;
        var words = new List<TextWord>(text.Length / 5);
        var sentences = new List<TextSentence>(8);
        var (clause, sentenceStart, firstWord, english) = (0, 0, 0, 0);
        for (var i = 0; i < text.Length && words.Count < MaxWords; )
        {
            var c = text[i];
            if (char.IsLetterOrDigit(c))
            {
                var start = i++;
                while (
                    i < text.Length
                    && (char.IsLetterOrDigit(text[i]) || (text[i] is '\'' && i + 1 < text.Length && char.IsLetter(text[i + 1])))
                )
                    i++;
                var role = EnglishWords.RoleOf(text.AsSpan(start, i - start));
                if ((role & WordRole.English) != WordRole.None)
                    english++;
                words.Add(new(start, i - start, sentences.Count, clause, role));
                continue;
            }

            if (c == '\n' || (c is '.' or '!' or '?' && EndsSentence(text, i)))
            {
                Close(i + 1, c == '?');
            }
            else if (c is ',' or ';' or ':' or '(' or ')' or '—' or '–' || (c == '-' && i > 0 && text[i - 1] == ' '))
            {
                // The comma of 1,234.50 and the colon of 10:30 separate nothing.
                if (!(c is ',' or ':' && i + 1 < text.Length && i > 0 && char.IsAsciiDigit(text[i + 1]) && char.IsAsciiDigit(text[i - 1])))
                    clause++;
            }

            i++;
        }

        Close(text.Length, false);
        return new(text, words, sentences, english);

        void Close(int end, bool isQuestion)
        {
            clause++;
            if (words.Count > firstWord)
                sentences.Add(new(sentenceStart, end, firstWord, words.Count, isQuestion));
            sentenceStart = end;
            firstWord = words.Count;
        }
    }

    public bool Has(TextSentence sentence, WordRole role)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (_words[i].Is(role))
                return true;
        }

        return false;
    }

    /// <summary>Whether the sentence denies that an act can, may or will happen. A bare "no" denies a thing and no act.</summary>
    public bool Refuses(TextSentence sentence)
    {
        for (var i = sentence.FirstWord; i < sentence.LastWord; i++)
        {
            if (_words[i].Is(WordRole.Unable) || (_words[i].Is(WordRole.Not) && _words[i].Length > 2))
                return true;
        }

        return false;
    }

    private static bool EndsSentence(string text, int at)
    {
        var next = at + 1;
        while (next < text.Length && text[next] is '.' or '!' or '?' or '"' or '”' or ')' or '*')
            next++;
        if (next < text.Length && !char.IsWhiteSpace(text[next]))
            return false;
        // A title may end with its own punctuation: "Who Goes There? is renewed".
        if (next + 1 < text.Length && text[next] == ' ' && char.IsAsciiLetterLower(text[next + 1]))
            return false;
        // Exceptions: "e.g.", "Dr.", and "1." at the head of a line.
        if (text[at] != '.')
            return true;
        var start = at;
        while (start > 0 && char.IsLetterOrDigit(text[start - 1]))
            start--;
        var length = at - start;
        if (length == 0)
            return true;
        if (char.IsAsciiDigit(text[start]) && length <= 2)
            return start > 0 && text[start - 1] != '\n' && (start < 2 || text[start - 2] != '\n');
        return length > 2
            || !char.IsLetter(text[start])
            || (
                length == 2
                && !text.AsSpan(start, 2).Equals("Dr", StringComparison.Ordinal)
                && !text.AsSpan(start, 2).Equals("Mr", StringComparison.Ordinal)
                && !text.AsSpan(start, 2).Equals("vs", StringComparison.Ordinal)
            );
    }

    private List<MoneyWord> FindAmounts()
    {
        var amounts = new List<MoneyWord>();
        var sentence = 0;
        for (var i = 0; i < Text.Length; i++)
        {
            if (Text[i] != '$' || i + 1 >= Text.Length || !char.IsAsciiDigit(Text[i + 1]))
                continue;
            var end = i + 1;
            while (
                end < Text.Length
                && (char.IsAsciiDigit(Text[end]) || (Text[end] is ',' or '.' && end + 1 < Text.Length && char.IsAsciiDigit(Text[end + 1])))
            )
                end++;
            if (!double.TryParse(Text.AsSpan(i + 1, end - i - 1), NumberStyles.Number, CultureInfo.InvariantCulture, out var value))
                continue;
            while (sentence + 1 < _sentences.Count && _sentences[sentence].End <= i)
                sentence++;
            amounts.Add(new(value, i, sentence));
            i = end - 1;
        }

        return amounts;
    }
}

/// <summary>The agent's messages of one dialogue, each split into words on first use.</summary>
internal sealed class AgentSpeech(Conversation conversation)
{
    /// <summary>
    /// Minimum percentage of common words in an English text, even one of mostly addresses and details. Other languages reach only a few
    /// percent.
    /// </summary>
    private const int CommonOfHundred = 7;

    private const int MinWords = 12;

    private readonly AgentText?[] _texts = new AgentText?[conversation.Messages.Length];
    private bool? _isEnglish;

    /// <summary>
    /// Whether the agent speaks English, the only language that the word checks know. A text of fewer than 12 words counts as English.
    /// </summary>
    public bool IsEnglish
    {
        get
        {
            if (_isEnglish is { } known)
                return known;
            var (words, common) = (0, 0);
            for (var i = 0; i < _texts.Length; i++)
            {
                if (At(i) is not { } text)
                    continue;
                words += text.Words.Count;
                common += text.CommonWords;
            }

            return (_isEnglish = words < MinWords || common * 100 >= words * CommonOfHundred).Value;
        }
    }

    /// <summary>The words of a message; null if the agent does not speak in it.</summary>
    public AgentText? At(int message) =>
        Speech.IsAgentText(conversation.Messages[message])
            ? _texts[message] ??= AgentText.Of(conversation.Messages[message].Content!)
            : null;
}
