using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>Judges the details that the agent states as "label: value".</summary>
internal static class SaidDetails
{
    /// <summary>Number of characters in "September 24, 2031".</summary>
    private const int LongestDay = 18;

    /// <summary>
    /// Unsure for a text behind a label of a wish's details, if it is neither the wish's value nor in any source. A value with digits is
    /// only compared as a day; other numbers are weighed elsewhere.
    /// </summary>
    public static void Judge(Trace trace, SpokenText said, ref Findings findings, int message)
    {
        if (!said.Text.Contains(": ", StringComparison.Ordinal))
            return;
        foreach (var request in trace.Blueprint.Scenario.Requests)
        {
            foreach (var detail in request.Confirm)
            {
                var colon = detail.IndexOf(": ", StringComparison.Ordinal);
                if (colon <= 0)
                    continue;
                var label = detail.AsSpan(0, colon + 2);
                if (detail.AsSpan(colon).ContainsAnyInRange('0', '9'))
                {
                    if (OtherDay(trace, said, label.ToString(), detail[(colon + 2)..]) is { } day)
                        findings.Unsure(message, $"the agent states {label}{day}; the wish has {detail}");
                    continue;
                }

                for (var at = said.Text.AsSpan().IndexOf(label, StringComparison.OrdinalIgnoreCase); at >= 0; )
                {
                    var value = said.Text.AsSpan(at + label.Length);
                    if (
                        Begins(said.Text.AsSpan(0, at))
                        && !value.StartsWith(detail.AsSpan(colon + 2), StringComparison.OrdinalIgnoreCase)
                        && Stated(value) is { } other
                        && !IsKnown(trace, other, message)
                    )
                        findings.Unsure(message, $"the agent states {label}{other}, which nobody gave; the wish has {detail}");
                    var next = said.Text.AsSpan(at + 1).IndexOf(label, StringComparison.OrdinalIgnoreCase);
                    at = next < 0 ? -1 : at + 1 + next;
                }
            }
        }
    }

    // "… with Central as the pick-up branch: it is lent out" states no branch.
    private static bool Begins(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd(" *");
        return before.IsEmpty
            || !char.IsLetterOrDigit(before[^1])
            || before.EndsWith(" with", StringComparison.Ordinal)
            || before.EndsWith(" have", StringComparison.Ordinal)
            || before.EndsWith(" and", StringComparison.Ordinal);
    }

    // A day behind the label that no wish has there.
    private static string? OtherDay(Trace trace, SpokenText said, string label, string value)
    {
        var year = trace.Pack.Domain.Clock.Year;
        if (!FieldValues.Dates(value, year).Any())
            return null;
        var at = said.Text.IndexOf(label, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var stated = said.Text.Substring(at + label.Length, Math.Min(LongestDay, said.Text.Length - at - label.Length));
        if (FieldValues.Dates(stated, year).Cast<DateOnly?>().FirstOrDefault() is not { } day)
            return null;
        return trace.Blueprint.Scenario.Requests.Any(q => q.Confirm.Any(c => FieldValues.Dates(c, year).Contains(day))) ? null : stated;
    }

    // The text up to the next detail; null if it has a digit.
    private static string? Stated(ReadOnlySpan<char> value)
    {
        var end = value.IndexOfAny(",\n;)");
        if (end >= 0)
            value = value[..end];
        foreach (var mark in (ReadOnlySpan<string>)[". ", "? ", "! "])
        {
            var stop = value.IndexOf(mark, StringComparison.Ordinal);
            if (stop >= 0)
                value = value[..stop];
        }

        value = value.Trim(" .?!*\"");
        return value.IsEmpty || value.ContainsAnyInRange('0', '9') ? null : value.ToString();
    }

    private static bool IsKnown(Trace trace, string value, int message)
    {
        foreach (var text in KnownTexts.Before(trace, message))
        {
            if (FieldValues.ContainsWords(text, value) || FieldValues.ContainsWords(text, value.Replace(' ', '_')))
                return true;
        }

        return trace.Blueprint.Scenario.Requests.Any(r => r.Confirm.Any(c => FieldValues.ContainsWords(c, value)));
    }
}
