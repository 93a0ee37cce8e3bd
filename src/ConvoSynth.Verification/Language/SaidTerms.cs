using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Language;

/// <summary>Judges terms in the agent's texts, such as "5 to 7 business days".</summary>
internal static partial class SaidTerms
{
    private const double HoursOfDay = 24;

    private static readonly SearchValues<string> UnitStems = SearchValues.Create(
        ["day", "week", "month", "hour"],
        StringComparison.OrdinalIgnoreCase
    );

    private static readonly TextMemo<Term[]> TermsOf = new(static t => MayHold(t) ? [.. Spans().Matches(t).Select(Of)] : []);

    private const string Words = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen";

    private static readonly string[] Numbers = Words.Split('|');

    /// <summary>
    /// Fails a range of days, weeks or months, or a number of business days, without a source. Any spelling is a source: "5-7 business
    /// days" of "five to seven days", "7 days" of "a week". A term that the policy gives only for another act is unsure
    /// (<see cref="TermScope"/>).
    /// </summary>
    public static void Judge(Trace trace, AgentText text, ref Findings findings, int message)
    {
        List<Term>? known = null;
        if (!MayHold(text.Text))
            return;
        foreach (var sentence in text.Sentences)
        {
            if (sentence.IsQuestion || !MayHold(text.Text.AsSpan(sentence.Start, sentence.End - sentence.Start)))
                continue;
            var said = text.Quote(sentence);
            foreach (Match match in Spans().Matches(said))
            {
                var term = Of(match);
                if (!IsPromise(match, term))
                    continue;
                known ??= Known(trace, message);
                if (known.Exists(k => k.Gives(term)) || (known.Exists(k => k.Ends(term.Least)) && known.Exists(k => k.Ends(term.Most))))
                {
                    if (TermScope.OfAnother(trace, text, sentence, message, t => Array.Exists(TermsOf[t], k => k.Gives(term))) is { } acts)
                        findings.Unsure(
                            message,
                            $"the agent gives the term \"{match.Value.Trim()}\", which the policy has of {acts} only: \"{said}\""
                        );
                    continue;
                }

                findings.Fail(
                    Fault.Agent,
                    message,
                    $"the agent gives the term \"{match.Value.Trim()}\", which stands in nothing that it could know: \"{said}\""
                );
            }
        }
    }

    // Anyone can compute the hours between times of day. A term in hours is a range of multiples of 12.
    private static bool IsPromise(Match match, Term term)
    {
        var isRange = term.Most > term.Least;
        if (match.Groups["unit"].Value.StartsWith("hour", StringComparison.OrdinalIgnoreCase))
            return isRange && term.Least >= HoursOfDay / 2 && term.Least % 12 == 0 && term.Most % 12 == 0;
        return isRange || match.Groups["working"].Success;
    }

    private static List<Term> Known(Trace trace, int message)
    {
        var known = new List<Term>();
        foreach (var text in KnownTexts.Before(trace, message))
        {
            known.AddRange(TermsOf[text]);
        }

        foreach (var call in trace.Calls)
        {
            if (call.Message >= message)
                break;
            if (call.Succeeded)
                AddFields(call.Result.Value, null, known);
        }

        return known;
    }

    // "delivery_days": 5.
    private static void AddFields(Json value, string? name, List<Term> known)
    {
        switch (value)
        {
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                    AddFields(map.Values[i], map.Keys[i], known);
                break;
            case JsonList list:
                foreach (var item in list.Span)
                    AddFields(item, name, known);
                break;
            case JsonNumber number when name is not null && Units().Match(name) is { Success: true } unit:
                known.Add(new(number.Value * Hours(unit.Value), number.Value * Hours(unit.Value)));
                break;
        }
    }

    private static bool MayHold(ReadOnlySpan<char> text) => text.ContainsAny(UnitStems);

    private static Term Of(Match match)
    {
        var hours = Hours(match.Groups["unit"].Value);
        var most = Number(match.Groups["most"].Value) * hours;
        return new(match.Groups["least"].Success ? Number(match.Groups["least"].Value) * hours : most, most);
    }

    private static double Hours(string unit) =>
        char.ToLowerInvariant(unit[0]) switch
        {
            'h' => 1,
            'd' => HoursOfDay,
            'w' => 7 * HoursOfDay,
            _ => 30 * HoursOfDay,
        };

    private static double Number(string text) =>
        char.IsAsciiDigit(text[0]) ? double.Parse(text, CultureInfo.InvariantCulture)
        : text is "a" or "A" or "an" or "An" ? 1
        : Array.FindIndex(Numbers, n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is var at and >= 0 ? at + 1
        : text.StartsWith("tw", StringComparison.OrdinalIgnoreCase) ? 20
        : 30;

    private const string Count = @"(?:\d{1,3}|an?|" + Words + "|twenty|thirty)";

    [GeneratedRegex(
        @"(?<![\w$#.,/-])(?:(?<least>"
            + Count
            + @")(?:\s*[-–—]\s*|[\s-]+(?:to|or)[\s-]+|(?<=\bbetween\s+\w+)\s+and\s+))?(?<most>"
            + Count
            + @")[\s-]+(?:full\s+|calendar\s+)?(?:(?<working>business|working)[\s-]+)?(?<unit>days?|weeks?|months?|hours?)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Spans();

    [GeneratedRegex("hour|day|week|month", RegexOptions.IgnoreCase)]
    private static partial Regex Units();

    /// <summary>A term in hours; a month counts as 30 days.</summary>
    private readonly record struct Term(double Least, double Most)
    {
        // A single length within a known range is known.
        public bool Gives(Term other) => this == other || (other.Least.Equals(other.Most) && other.Least >= Least && other.Most <= Most);

        public bool Ends(double hours) => Least.Equals(hours) || Most.Equals(hours);
    }
}
