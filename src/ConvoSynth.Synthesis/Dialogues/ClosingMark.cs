using System.Buffers;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Models;

namespace ConvoSynth.Synthesis;

/// <summary>
/// The mark with which the simulated human ends a dialogue, in any plain spelling: <c>###STOP###</c>, <c>### stop ###</c>,
/// <c>**STOP**</c>, <c>[STOP]</c>, <c>STOP</c> alone on the last line. It counts at the end of a message only, behind which there may be
/// dressing but no word.
/// </summary>
/// <param name="End">How the dialogue ends; null where it goes on.</param>
/// <param name="Text">The message; where it ends the dialogue, with the mark as <see cref="DialogueSession"/> spells it and without the
/// dressing around it.</param>
internal readonly partial record struct ClosingMark(DialogueEnd? End, string Text)
{
    private const string Words = "STOP|OUT[-_ ]?OF[-_ ]?SCOPE";

    // Where full-width forms of ASCII begin, and how far they are from it.
    private const char FirstWide = '\uFF01';
    private const char LastWide = '\uFF5E';
    private const int Widening = 0xFEE0;

    private static readonly SearchValues<char> ClosingDress = SearchValues.Create("])}>*_~`\"'”’=-|/");

    /// <param name="message">What the human's model wrote, without its thoughts.</param>
    public static ClosingMark Of(string message)
    {
        if (!MayHold(message))
            return new(null, message);
        var (end, text) = Taken(message);
        var leak = "";
        if (end is null)
        {
            // What the server left behind the mark is for format.markup to find.
            leak = TemplateMarks.AtEnd(message);
            (end, text) = leak.Length == 0 ? (null, message) : Taken(message[..^leak.Length]);
        }

        if (end is null)
            return new(null, message);
        var spelled = end == DialogueEnd.OutOfScope ? DialogueSession.OutOfScope : DialogueSession.Stop;
        return message.EndsWith(spelled, StringComparison.Ordinal) && text == message[..^spelled.Length].TrimEnd()
            ? new(end, message)
            : new(end, string.Join(' ', new[] { text, leak.Trim(), spelled }.Where(static t => t.Length > 0)));
    }

    /// <summary>Whether a mark stands in a message that it does not end.</summary>
    public static bool StandsInside(string? message) =>
        message is not null && message.AsSpan().IndexOfAny('#', '＃') >= 0 && Inner().IsMatch(Of(message).WithoutMark());

    /// <summary>The message as the agent's side reads it.</summary>
    public string WithoutMark() =>
        End switch
        {
            null => Text,
            DialogueEnd.OutOfScope => Text[..^DialogueSession.OutOfScope.Length].TrimEnd(),
            _ => Text[..^DialogueSession.Stop.Length].TrimEnd(),
        };

    // One mark may follow another.
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

        // A line of dressing above the mark, such as the opening of a fence, is part of it.
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

        // A word in capitals that is dressed may be stressed in a sentence; behind a sentence's end it is none of it.
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
