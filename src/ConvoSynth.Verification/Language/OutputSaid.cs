using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>The state of an expected value at the end of a dialogue.</summary>
internal enum OutputStand
{
    NeverSaid,

    /// <summary>Said plainly, and not retracted since.</summary>
    Clear,

    /// <summary>Said with a doubt.</summary>
    Doubtful,

    /// <summary>Said among other values for the same question.</summary>
    OneOfMany,

    /// <summary>Replaced later by another value.</summary>
    TakenBack,
}

/// <summary>Follows one expected value through the agent's texts after the read that grounds it.</summary>
internal sealed class OutputSaid(Trace trace, ExpectedOutput output)
{
    /// <summary>Maximum number of characters between two values of an enumeration: ", ", " or ", " or maybe ".</summary>
    private const int LongestJoint = 14;

    /// <summary>Minimum length of an answer's frame, in characters: "the answer is".</summary>
    private const int ShortestFrame = 10;

    /// <summary>Minimum length of a frame that names the question itself: "the total of all items is".</summary>
    private const int ShortestOwnFrame = 20;

    private readonly HashSet<ExpectedOutput> _heard = [];
    private string? _spansOf;
    private List<ValueSpan> _spans = [];
    private int _last = -1;
    private bool _isFollowing;
    private bool _isMixed;

    public OutputStand Stand { get; private set; }

    /// <summary>Index of the message that set <see cref="Stand"/> last; -1 if none did.</summary>
    public int Message { get; private set; } = -1;

    public string Sentence { get; private set; } = "";

    public void Hear(AgentText text, int message)
    {
        var takesBack = false;
        _isFollowing = _last == Message;
        _last = message;
        foreach (var sentence in text.Sentences)
        {
            // A correction may introduce its value in a sentence of its own: "Sorry, I have to correct myself. It is $7."
            takesBack |= TakesBack(text, sentence);
            var words = text.Quote(sentence);
            if (Says(words) && !IsBeside(words, takesBack))
                Set(
                    sentence.IsQuestion ? Stand
                        : IsOneOfMany(words) ? OutputStand.OneOfMany
                        : IsDenied(text.Text[sentence.Start..sentence.End]) ? OutputStand.Doubtful
                        : IsDoubtful(text, sentence) ? Weaker()
                        : OutputStand.Clear,
                    message,
                    words
                );
            else if (
                (takesBack || IsSameAnswer(words))
                && Stand != OutputStand.NeverSaid
                && !sentence.IsQuestion
                && (SaysAnother(words) || (takesBack && SaysUnheard(words)) || SaysOtherAnswer(words))
            )
                Set(OutputStand.TakenBack, message, words);
            Note(words, message);
        }

        // A value whose own punctuation ends sentences.
        if (Stand == OutputStand.NeverSaid && Says(text.Text) && !text.Sentences.Any(s => s.IsQuestion && Says(text.Quote(s))))
            Set(OutputStand.Clear, message, "");
    }

    // A small number describes many things: "for 2 weeks" does not repair a retracted answer, or one among several.
    private bool IsBeside(string words, bool takesBack) =>
        !trace.IsForeign
        && (Stand == OutputStand.TakenBack || (Stand == OutputStand.OneOfMany && output.Type == "count"))
        && !takesBack
        && !IsSameAnswer(words);

    // "misread", "correct myself", "I was wrong"; outside foreign tasks also "Actually, …".
    private bool TakesBack(AgentText text, TextSentence sentence)
    {
        if (text.Has(sentence, WordRole.Correction))
            return true;
        for (var i = sentence.FirstWord; i + 1 < sentence.LastWord; i++)
        {
            var word = text[text.Words[i]];
            var next = text[text.Words[i + 1]];
            if (Is(word, "correct") && Is(next, "myself"))
                return true;
            if (Is(word, "was") && Is(next, "wrong"))
                return i > sentence.FirstWord && text.Words[i - 1].Is(WordRole.Speaker);
            if (Is(word, "my") && (Is(next, "mistake") || Is(next, "error")))
                return true;
        }

        return !trace.IsForeign && Is(text[text.Words[sentence.FirstWord]], "actually");

        static bool Is(ReadOnlySpan<char> word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    // The question's own words again, with a value of the same kind directly behind them: "the answer is 4".
    private bool IsSameAnswer(string words, int shortest = ShortestFrame)
    {
        foreach (var request in trace.Blueprint.Scenario.Requests)
        {
            if (request.Outputs.IsEmpty || trace.Blueprint.Outputs[request.Outputs[0]] != output || request.Done.IsEmpty)
                continue;
            var frame = request.Done[0].IndexOf(FieldValues.Say(output.Type, output.Value), StringComparison.Ordinal);
            if (frame < shortest)
                return false;
            var at = words.IndexOf(request.Done[0][1..frame], StringComparison.Ordinal);
            return at >= 0 && Spans(words).Exists(s => s.Start == at + frame - 1);
        }

        return false;
    }

    // Whether a doubt precedes the value everywhere in the sentence.
    private bool IsDoubtful(AgentText text, TextSentence sentence)
    {
        if (!text.Has(sentence, WordRole.Doubt))
            return false;
        var any = false;
        foreach (var span in Spans(text.Text[sentence.Start..sentence.End]))
        {
            if (!IsOf(output, span.Number, span.Date))
                continue;
            any = true;
            var doubted = false;
            var at = sentence.FirstWord;
            while (at + 1 < sentence.LastWord && text.Words[at].End <= sentence.Start + span.Start)
                at++;
            for (var i = at; i >= sentence.FirstWord && text.Words[i].Clause == text.Words[at].Clause; i--)
                doubted |= text.Words[i].Is(WordRole.Doubt);
            if (!doubted)
                return false;
        }

        return any;
    }

    private bool IsDenied(string words)
    {
        foreach (var span in Spans(words))
        {
            if (
                IsOf(output, span.Number, span.Date)
                && words.AsSpan(0, span.Start).TrimEnd(" $").EndsWith(" not", StringComparison.OrdinalIgnoreCase)
            )
                return true;
        }

        return false;
    }

    private OutputStand Weaker() => Stand == OutputStand.Clear ? OutputStand.Clear : OutputStand.Doubtful;

    private void Set(OutputStand stand, int message, string words)
    {
        Stand = stand;
        Message = message;
        Sentence = words;
    }

    private bool Says(string text)
    {
        if (output.Value is JsonBoolean flag)
            return FieldValues.ContainsToken(text, flag.Value ? "yes" : "no");
        // "$9" is no count.
        if (
            !trace.IsForeign
            && output.Type == "count"
            && text.Contains('$', StringComparison.Ordinal)
            && Spans(text).Exists(s => IsOf(output, s.Number, s.Date))
            && !Spans(text).Exists(s => IsOf(output, s.Number, s.Date) && text[s.Start] != '$')
        )
            return false;
        if (output.Accepted.IsDefaultOrEmpty)
            return FieldValues.Says(text, output.Type, output.Value);
        foreach (var value in output.Accepted)
        {
            if (FieldValues.Says(text, output.Type, value))
                return true;
        }

        return false;
    }

    // A value of the same type that no output has.
    private bool SaysAnother(string text) =>
        output.Value is JsonBoolean flag
            ? FieldValues.ContainsToken(text, flag.Value ? "no" : "yes")
            : Spans(text)
                .Exists(v =>
                    (output.Type != "money" || text.AsSpan(v.Start, v.End - v.Start).Contains('$'))
                    && !trace.Blueprint.Outputs.Any(o => IsOf(o, v.Number, v.Date))
                );

    // The right answer to another question, given for the first time, if the answer just before contained no other value to correct.
    private bool SaysUnheard(string words) =>
        !trace.IsForeign
        && _isFollowing
        && !_isMixed
        && Spans(words)
            .Exists(v => trace.Blueprint.Outputs.Any(o => o.Type == output.Type && IsOf(o, v.Number, v.Date) && !_heard.Contains(o)));

    // The answer to another question, in this question's own words.
    private bool SaysOtherAnswer(string words) => !trace.IsForeign && IsSameAnswer(words, ShortestOwnFrame) && !Says(words);

    private void Note(string words, int message)
    {
        if (Message == message && Stand == OutputStand.Clear && Sentence == words)
            _isMixed = false;
        foreach (var span in Spans(words))
        {
            var isOutput = false;
            foreach (var other in trace.Blueprint.Outputs)
            {
                if (!IsOf(other, span.Number, span.Date))
                    continue;
                isOutput = true;
                _heard.Add(other);
            }

            _isMixed |= !isOutput;
        }
    }

    // "$5, $6 or $7": values of one type with only a separator between them.
    private bool IsOneOfMany(string text)
    {
        var spans = Spans(text);
        for (var i = 0; i < spans.Count; i++)
        {
            if (!IsOf(output, spans[i].Number, spans[i].Date))
                continue;
            if ((i > 0 && Joins(text, spans[i - 1], spans[i])) || (i + 1 < spans.Count && Joins(text, spans[i], spans[i + 1])))
                return true;
        }

        return false;

        bool Joins(string whole, ValueSpan a, ValueSpan b)
        {
            if (
                b.Start - a.End is < 1 or > LongestJoint
                || trace.Blueprint.Outputs.Any(o => o.Accepted.Length > 1 && IsOf(o, a.Number, a.Date) && IsOf(o, b.Number, b.Date))
            )
                return false;
            var joint = whole[a.End..b.Start];
            return FieldValues.ContainsToken(joint, "or")
                || (joint.Trim().Trim('$') is "," or "/" && Rest(whole, b).Contains(" or ", StringComparison.Ordinal));
        }

        static string Rest(string whole, ValueSpan from) => whole[from.End..Math.Min(whole.Length, from.End + 60)];
    }

    private static bool IsOf(ExpectedOutput output, double? number, DateOnly? date)
    {
        foreach (var value in output.Accepted.IsDefaultOrEmpty ? [output.Value] : output.Accepted)
        {
            if (value is JsonNumber n && number is { } said && Math.Abs(Math.Abs(n.Value) - said) < 0.005)
                return true;
            if (value is JsonText t && date is { } day && FieldValues.TryDate(t.Value, out var own) && own == day)
                return true;
        }

        return false;
    }

    private List<ValueSpan> Spans(string text)
    {
        if (!ReferenceEquals(text, _spansOf))
            (_spansOf, _spans) = (text, FindSpans(text));
        return _spans;
    }

    private List<ValueSpan> FindSpans(string text)
    {
        if (output.Type == "date")
            return ValueSpan.Dates(text, output.Value);
        if (output.Value is not JsonNumber)
            return [];
        var numbers = ValueSpan.Numbers(text);
        if (numbers.Count > 0 && output.Type == "count" && ValueSpan.Dates(text, Json.Null) is { Count: > 0 } dates)
            numbers.RemoveAll(n => dates.Exists(d => n.Start < d.End && n.End > d.Start));
        return numbers;
    }
}
