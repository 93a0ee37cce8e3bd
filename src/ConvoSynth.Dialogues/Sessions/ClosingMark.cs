using System.Buffers;
using System.Text.RegularExpressions;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Speech;

namespace ConvoSynth.Dialogues.Sessions;

/// <summary>
/// The mark with which the simulated human ends a dialogue, in any plain spelling: <c>###STOP###</c>, <c>### stop ###</c>,
/// <c>**STOP**</c>, <c>[STOP]</c>, or <c>STOP</c> alone on the last line. It counts only at the end of a message. Markup may follow it,
/// words may not.
/// </summary>
/// <param name="End">How the dialogue ends; null if it goes on.</param>
/// <param name="Text">The message. If it ends the dialogue, the mark has the spelling of <see cref="DialogueSession"/> and the markup
/// around it is gone.</param>
public readonly partial record struct ClosingMark(DialogueEnd? End, string Text)
{
    private const string Words = "STOP|OUT[-_ ]?OF[-_ ]?SCOPE";

    // The range of full-width forms of ASCII, and their distance from ASCII.
    private const char FirstWide = '\uFF01';
    private const char LastWide = '\uFF5E';
    private const int Widening = 0xFEE0;

    private static readonly SearchValues<char> ClosingDress = SearchValues.Create("])}>*_~`\"'”’=-|/");

    /// <param name="message">The response of the human's model, without its reasoning.</param>
    public static ClosingMark Of(string message)
    {
        if (!MayHold(message))
            return new(null, message);
        var (end, text) = Taken(message);
        var leak = "";
        if (end is null)
        {
            // The server's leftovers behind the mark stay in the text, so that format.markup finds them.
            leak = TemplateMarks.AtEnd(message);
            (end, text) = leak.Length == 0 ? (null, message) : Taken(message[..^leak.Length]);
        }

        if (end is null)
            return new(null, message);
        var spelled = end == DialogueEnd.OutOfScope ? StopMarks.OutOfScope : StopMarks.Stop;
        return message.EndsWith(spelled, StringComparison.Ordinal) && text == message[..^spelled.Length].TrimEnd()
            ? new(end, message)
            : new(end, string.Join(' ', new[] { text, leak.Trim(), spelled }.Where(static t => t.Length > 0)));
    }

    /// <summary>Whether a mark stands before the end of the message, with words behind it.</summary>
    public static bool StandsInside(string? message) =>
        message is not null && message.AsSpan().IndexOfAny('#', '＃') >= 0 && Inner().IsMatch(Of(message).WithoutMark());

    /// <summary>The message as the agent's side reads it.</summary>
    public string WithoutMark() =>
        End switch
        {
            null => Text,
            DialogueEnd.OutOfScope => Text[..^StopMarks.OutOfScope.Length].TrimEnd(),
            _ => Text[..^StopMarks.Stop.Length].TrimEnd(),
        };

    // Several marks may stand in a row.
    private static (DialogueEnd? End, string Text) Taken(string text)
    {
        DialogueEnd? end = null;
        while (Last(text) is { } mark)
        {
            end = mark.IsStop && end != DialogueEnd.OutOfScope ? DialogueEnd.HumanStop : DialogueEnd.OutOfScope;
            text = text[..mark.Start].TrimEnd();
        }

        return (end, text);
    }

    private static (int Start, bool IsStop)? Last(string text)
    {
        var plain = Narrowed(text);
        var match = Closing().Match(plain);
        if (!match.Success || !IsMark(plain, match))
            return null;
        var start = match.Index;

        // A line of markup above the mark, such as the opening of a code fence, is part of it.
        while (DressedLine().Match(plain[..start]) is { Success: true, Length: > 0 } line)
            start = line.Index;
        return (start, match.Groups["word"].ValueSpan[0] is 's' or 'S');
    }

    private static bool MayHold(string message)
    {
        var plain = Narrowed(message);
        return plain.Contains("STOP", StringComparison.OrdinalIgnoreCase) || plain.Contains("SCOPE", StringComparison.OrdinalIgnoreCase);
    }

    private static string Narrowed(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstWide, LastWide))
            return text;
        return string.Create(
            text.Length,
            text,
            static (span, from) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = from[i] is >= FirstWide and <= LastWide ? (char)(from[i] - Widening) : from[i];
            }
        );
    }

    private static bool IsMark(string text, Match match)
    {
        var left = match.Groups["left"].ValueSpan;
        var right = match.Groups["right"].ValueSpan;
        var isCapital = match.Groups["word"].ValueSpan.IndexOfAnyInRange('a', 'z') < 0;
        var hashes = left.Count('#') + right.Count('#');
        if (hashes >= 2)
            return true;
        var before = text.AsSpan(0, match.Index).TrimEnd(" \t");
        var isOwnLine = before.IsEmpty || before[^1] == '\n' || DressedLine().IsMatch(text[..match.Index]);
        var isInside = !left.IsEmpty && right.ContainsAny(ClosingDress);
        if (isInside && left.IndexOfAny("[<{`") >= 0)
            return isOwnLine || isCapital;
        if (!isCapital)
            return false;
        if (hashes == 1)
            return true;

        // A word in capitals and markup may be an emphasis within a sentence. After the end of a sentence it is a mark.
        return isOwnLine ? right.IndexOfAny('!', '?') < 0 : isInside && before[^1] is '.' or '!' or '?' or '…';
    }

    [GeneratedRegex(
        @"(?<left>(?:[#*_~`""'“‘(\[{<|\\/=-]|(?<=#)[ \t](?=#))*)[ \t]*(?<![\p{L}\d])(?<word>" + Words + @")(?<right>[^\p{L}\d]*)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Closing();

    [GeneratedRegex(@"(?:^|(?<=\n))[ \t]*(?:`{3}\w*|[#*_~=>| \t-]*[#*_~=>|-])[ \t]*\r?\n?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DressedLine();

    [GeneratedRegex(@"[#＃]{2,}\s*(?:" + Words + @")\s*[#＃]{2,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Inner();
}
