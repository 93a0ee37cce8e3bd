using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>human.values</c>: each typed value in the human's messages is a fact of the scenario, occurs in its words, or was said before. That
/// covers ids, numbers of four or more digits, amounts, dates and email addresses. A foreign task has only an instruction, so amounts,
/// dates and short numbers are left out: its human may compute or respell them.
/// </summary>
internal sealed class HumanValues : ICheck
{
    private const int MinDigits = 4;
    private const string Separators = " \n\t;()";
    private const string ForeignSeparators = " \n\t;()/&+|[]{},—–=<>\"";
    private static readonly CheckName Name = new("human", "values");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        for (var i = 0; i < messages.Length; i++)
        {
            if (messages[i] is not { Role: MessageRole.User, Content: { } text })
                continue;
            foreach (var range in text.AsSpan().SplitAny(trace.IsForeign ? ForeignSeparators : Separators))
            {
                var raw = text.AsSpan(range);
                var token = raw.Trim(".,:!?\"'$*“”’");
                var mustBeKnown = trace.IsForeign
                    ? IsValue(token = Unpossessed(token)) && !IsReckoned(token)
                    : IsValue(token) || IsAmount(raw);
                if (mustBeKnown && !IsKnown(trace, i, token.ToString()))
                    findings.Fail(Fault.Human, i, $"the human says {token}, which is no fact of the scenario and was not said before");
            }

            if (trace.IsForeign)
                continue;
            Days(trace, i, text, ref findings);
            Numbers(trace, i, text, ref findings);
        }

        findings.Close();
    }

    // Short numbers may be facts of a wish or an address too. They are only unsure, since the human may count things.
    private static void Numbers(Trace trace, int message, string text, ref Findings findings)
    {
        foreach (var span in ValueSpan.Numbers(text))
        {
            if (
                text.AsSpan(span.Start, span.End - span.Start).TrimStart("-$") is not { Length: < MinDigits and > 0 } said
                || IsSaidBefore(trace, message, said)
            )
                continue;
            findings.Unsure(message, $"the human says {said}, which is no fact of the scenario and was not said before");
        }
    }

    private static bool IsSaidBefore(Trace trace, int before, ReadOnlySpan<char> number)
    {
        var token = number.ToString();
        var scenario = trace.Blueprint.Scenario;
        if (FieldValues.ContainsToken(trace.Blueprint.Instruction, token))
            return true;
        foreach (var fact in scenario.Facts)
        {
            if (FieldValues.ContainsToken(fact.Said, token))
                return true;
        }

        foreach (var request in scenario.Requests)
        {
            if (FieldValues.ContainsToken(request.Words, token))
                return true;
        }

        for (var i = 0; i < before; i++)
        {
            if (
                trace.Conversation.Messages[i] is { Role: MessageRole.User or MessageRole.Assistant, Content: { } text }
                && FieldValues.ContainsToken(text, token)
            )
                return true;
        }

        return false;
    }

    private static void Days(Trace trace, int message, string text, ref Findings findings)
    {
        var year = trace.Pack.Domain.Clock.Year;
        foreach (var day in FieldValues.Dates(text, year))
        {
            if (
                FieldValues.Dates(trace.Blueprint.Instruction, year).Contains(day)
                || trace.Blueprint.Scenario.Facts.Any(f =>
                    f.Type == "date" && FieldValues.TryDate(f.Value.Text ?? "", out var known) && known == day
                )
            )
                continue;
            if (
                trace
                    .Conversation.Messages.Take(message)
                    .Any(m =>
                        m.Role is MessageRole.User or MessageRole.Assistant
                        && m.Content is { } before
                        && FieldValues.Dates(before, year).Contains(day)
                    )
            )
                continue;
            findings.Fail(
                Fault.Human,
                message,
                $"the human says {FieldValues.Say("date", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))}, "
                    + "which is no day of the scenario and was not said before"
            );
        }
    }

    private static ReadOnlySpan<char> Unpossessed(ReadOnlySpan<char> token) =>
        token.EndsWith("'s", StringComparison.Ordinal) || token.EndsWith("’s", StringComparison.Ordinal) ? token[..^2] : token;

    // An amount, a date, a time, or a number short enough to be one of these.
    private static bool IsReckoned(ReadOnlySpan<char> token)
    {
        if (token.Length < 5 || token.Contains('$'))
            return true;
        foreach (var c in token)
        {
            if (!char.IsAsciiDigit(c) && c is not ('.' or ',' or '-' or ':'))
                return false;
        }

        return token.ContainsAny(".,-:");
    }

    private static bool IsAmount(ReadOnlySpan<char> raw) => raw.Contains('$') && raw.ContainsAnyInRange('0', '9');

    private static bool IsValue(ReadOnlySpan<char> token)
    {
        var digits = 0;
        foreach (var c in token)
        {
            if (char.IsAsciiDigit(c))
                digits++;
        }

        return digits >= MinDigits || (token.Contains('@') && token.Contains('.'));
    }

    private static bool IsKnown(Trace trace, int before, string token)
    {
        var bare = Bare(token);
        var scenario = trace.Blueprint.Scenario;
        foreach (var fact in scenario.Facts)
        {
            if (
                Bare(fact.Said).Contains(bare, StringComparison.Ordinal)
                || Bare(fact.Value.Text ?? fact.Value.ToString()).Contains(bare, StringComparison.Ordinal)
            )
                return true;
            if (
                fact.Value is JsonNumber number
                && double.TryParse(token.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var said)
                && Math.Abs(said - number.Value) < 0.005
            )
                return true;
            if (fact.Type == "date" && FieldValues.Says(token, "date", fact.Value))
                return true;
        }

        if (Bare(trace.Blueprint.Instruction).Contains(bare, StringComparison.Ordinal))
            return true;
        foreach (var request in scenario.Requests)
        {
            if (
                Bare(request.Words).Contains(bare, StringComparison.Ordinal)
                || request.Alternatives.Any(a => Bare(a.Words + a.When).Contains(bare, StringComparison.Ordinal))
            )
                return true;
        }

        var messages = trace.Conversation.Messages;
        for (var i = 0; i < before; i++)
        {
            if (
                messages[i].Role is MessageRole.User or MessageRole.Assistant
                && messages[i].Content is { } text
                && Bare(text).Contains(bare, StringComparison.Ordinal)
            )
                return true;
        }

        return false;
    }

    private static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                bare.Append(char.ToLowerInvariant(c));
        }

        return bare.ToString();
    }
}
