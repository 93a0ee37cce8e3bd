using System.Buffers;
using System.Text.RegularExpressions;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>Judges the e-mail addresses, phone numbers and web addresses that the agent gives.</summary>
internal static partial class SaidContacts
{
    /// <summary>Number of digits in a phone number; an optional country code comes before them.</summary>
    private const int PhoneDigits = 10;

    // A cheap prefilter: few messages have any of these or ten digits.
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        ["@", "://", "www.", ".com", ".org", ".net", ".io", ".gov", ".edu", "1-8"],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>Fails a contact without a source.</summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        if (!text.Text.AsSpan().ContainsAny(Marks) && text.Text.Count(char.IsAsciiDigit) < PhoneDigits)
            return;
        foreach (var sentence in text.Sentences)
        {
            // A question only asks whether the contact is right.
            if (sentence.IsQuestion)
                continue;
            var said = text.Quote(sentence);
            if (said.Contains('@'))
                Find(EMail(), IsKnown, trace, said, ref findings, message);
            if (said.Contains('.'))
                Find(Web(), IsKnown, trace, said, ref findings, message);
            if (said.AsSpan().ContainsAnyInRange('0', '9'))
            {
                Find(Phone(), IsKnownPhone, trace, said, ref findings, message);
                Find(NamedPhone(), IsKnown, trace, said, ref findings, message);
            }
        }
    }

    private static void Find(Regex pattern, Func<string, string, bool> isIn, Trace trace, string said, ref Findings findings, int message)
    {
        foreach (Match match in pattern.Matches(said))
        {
            if (IsExample(said, match) || KnownTexts.Before(trace, message).Any(t => isIn(t, match.Value)))
                continue;
            findings.Fail(Fault.Agent, message, $"the agent gives {match.Value}, which stands in nothing that it could know: \"{said}\"");
        }
    }

    private static bool IsKnown(string text, string contact) =>
        text.Contains(contact.TrimEnd('.', ',', ')'), StringComparison.OrdinalIgnoreCase);

    private static bool IsKnownPhone(string text, string phone) =>
        Digits(text).Contains(Digits(phone)[^PhoneDigits..], StringComparison.Ordinal);

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    private static bool IsExample(string said, Match match)
    {
        var before = said[Math.Max(0, match.Index - 24)..match.Index];
        return match.Value.Contains("example.", StringComparison.OrdinalIgnoreCase) || Example().IsMatch(before);
    }

    [GeneratedRegex(@"(?<![\w.+*-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")]
    private static partial Regex EMail();

    [GeneratedRegex(
        @"(?:https?://|\bwww\.)[^\s<>()\[\]""']+[\w/]|(?<![\w@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|gov|edu)\b(?!@)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Web();

    [GeneratedRegex(@"(?<![\w#$.,-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])")]
    private static partial Regex Phone();

    // 1-800-LIBRARY.
    [GeneratedRegex(@"(?<![\w#$.,-])1-8\d\d-(?=[\dA-Z-]*[A-Z])[\dA-Z]+(?:-[\dA-Z]+)*\b")]
    private static partial Regex NamedPhone();

    [GeneratedRegex(@"(?:e\.g\.|for example|for instance|such as|like)[,:]? ?[""'(]?$", RegexOptions.IgnoreCase)]
    private static partial Regex Example();
}
