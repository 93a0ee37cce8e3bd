using System.Buffers;
using System.Globalization;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>Judges the numbers, codes and days in the agent's texts, which need a source.</summary>
internal static class SaidNumbers
{
    /// <summary>Minimum number of digits in a number that identifies something, if letters or a leading zero mark it.</summary>
    private const int DigitsOfKey = 4;

    /// <summary>Maximum number of digits in an amount or count without a sign.</summary>
    private const int LongestAmount = 5;

    private const int ShortestCode = 5;

    /// <summary>Maximum of the numbers that the agent may have counted itself.</summary>
    private const double MaxCounted = 12;

    private static readonly SearchValues<string> Examples = SearchValues.Create(
        [
            "e.g.",
            "for example",
            "for instance",
            "such as",
            "something like",
            "example:",
            "like #",
            "like '",
            "like \"",
            "a code like",
            " format",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>
    /// Fails a key or code without a source. A number or a day without one is unsure, since the agent may have computed it.
    /// </summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        if (!text.Text.AsSpan().ContainsAnyInRange('0', '9'))
            return;
        var days = SaidDays.In(trace, text);
        foreach (var day in days)
            JudgeDay(trace, text, day, ref findings, message);
        KnownAmounts? amounts = null;
        var next = 0;
        for (var i = 0; i < text.Words.Count; i++)
        {
            while (next < days.Count && days[next].Last < i)
                next++;
            var word = text.Words[i];
            var token = text[word];
            if (
                !token.ContainsAnyInRange('0', '9')
                || (next < days.Count && days[next] is { Day: not null, First: var first } && first <= i)
            )
                continue;
            var isCode = IsCode(token);
            if (!isCode && (token.ContainsAnyExceptInRange('0', '9') || IsPartOfAmount(text.Text, word)))
                continue;
            if (
                !isCode
                && (
                    !double.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    || number <= MaxCounted
                    || IsListMark(text.Text, word)
                    || SaidAmounts.IsExpected(trace, number)
                )
            )
                continue;
            if (
                trace.Known.HasToken(token, message)
                || (ShortId.Digits(token.ToString()) is { } digits && trace.Known.HasToken(digits, message))
            )
                continue;
            var sentence = text.Sentences[word.Sentence];
            if (IsExample(text, sentence))
                continue;
            if (isCode && !sentence.IsQuestion)
            {
                findings.Fail(
                    Fault.Agent,
                    message,
                    $"the agent says {token}, which stands in nothing that it could know: \"{text.Quote(sentence)}\""
                );
                continue;
            }

            amounts ??= trace.AmountsBefore(message);
            if (!isCode && amounts.Explains(double.Parse(token, CultureInfo.InvariantCulture), []))
                continue;
            findings.Unsure(
                message,
                $"the agent says {token}, which nothing that was read, said or done gives: \"{text.Quote(sentence)}\""
            );
        }
    }

    private static void JudgeDay(Trace trace, AgentText text, SaidDay said, ref Findings findings, int message)
    {
        if (said.Day is not { } day || trace.Known.HasDay(day, message) || SaidDays.IsExpected(trace, day))
            return;
        var sentence = text.Sentences[text.Words[said.First].Sentence];
        if (!IsExample(text, sentence))
            findings.Unsure(
                message,
                $"the agent says {day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, a day that nothing gives that was "
                    + $"read or said: \"{text.Quote(sentence)}\""
            );
    }

    // "HAT110", "K4821093", "0000001": letters and digits, or more digits than an amount has.
    private static bool IsCode(ReadOnlySpan<char> token)
    {
        var digits = 0;
        var isUpper = true;
        foreach (var c in token)
        {
            if (char.IsAsciiDigit(c))
                digits++;
            else
                isUpper &= char.IsAsciiLetterUpper(c);
        }

        if (digits == token.Length)
            return digits > LongestAmount || (digits >= DigitsOfKey && token[0] == '0');
        return digits >= DigitsOfKey || (isUpper && token.Length >= ShortestCode);
    }

    // $1,234.50 and 12.5 are weighed as amounts; 10:30 and 3/4 are times and fractions.
    private static bool IsPartOfAmount(string text, TextWord word)
    {
        if (word.Start > 0 && text[word.Start - 1] is '$' or '€' or '£')
            return true;
        return (word.Start > 1 && text[word.Start - 1] is '.' or ',' or ':' or '/' && char.IsAsciiDigit(text[word.Start - 2]))
            || (word.End + 1 < text.Length && text[word.End] is '.' or ',' or ':' or '/' && char.IsAsciiDigit(text[word.End + 1]));
    }

    private static bool IsListMark(string text, TextWord word) =>
        word.End < text.Length
        && text[word.End] is '.' or ')'
        && (word.Start == 0 || text.AsSpan(0, word.Start).TrimEnd(" *#-").EndsWith("\n", StringComparison.Ordinal));

    private static bool IsExample(AgentText text, TextSentence sentence) =>
        text.Text.AsSpan(sentence.Start, sentence.End - sentence.Start).ContainsAny(Examples);
}
