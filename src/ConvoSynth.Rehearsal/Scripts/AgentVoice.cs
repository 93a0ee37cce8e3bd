using System.Collections.Immutable;
using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>The agent's messages. One dialogue's agent keeps one tone, drawn from the seed.</summary>
internal sealed class AgentVoice
{
    /// <summary>More values than this are asked for together, not one by one.</summary>
    public const int MaxAskedByName = 3;

    private static readonly Json[] Tones =
    [
        Json.Map(("brief", 0.05), ("polite", 0.9), ("chatty", 0.05), ("hurried", 0), ("unsure", 0)),
        Json.Map(("brief", 0.8), ("polite", 0.2), ("chatty", 0.0), ("hurried", 0), ("unsure", 0)),
        Json.Map(("brief", 0.1), ("polite", 0.3), ("chatty", 0.7), ("hurried", 0), ("unsure", 0)),
        Json.Map(("brief", 0.2), ("polite", 0.3), ("chatty", 0.2), ("hurried", 0), ("unsure", 0)),
        Json.Map(("brief", 0.0), ("polite", 0.1), ("chatty", 0.0), ("hurried", 0), ("unsure", 0)),
    ];

    private readonly SeededRandom _random;
    private readonly Manner _manner;
    private readonly bool _lists;
    private readonly bool _quotesClauses;

    public AgentVoice(SeededRandom random)
    {
        _random = random;
        _manner = new(random.Pick(Tones), random);
        _lists = random.Chance(0.45);
        _quotesClauses = random.Chance(0.3);
    }

    public string Line(Lines lines) => _manner.Pick(lines);

    public string Line(string[] lines) => _random.Pick(lines);

    public string AskIdentity(IReadOnlyList<Fact> facts, bool isRest) =>
        string.Format(Line(isRest ? AgentLines.AskRest : AgentLines.AskIdentity), Labels(facts));

    public string AskFacts(IReadOnlyList<Fact> facts, bool alsoIdentity)
    {
        var asked =
            facts.Count > MaxAskedByName || facts.Any(f => f.Ask is "")
                ? Line(AgentLines.AllDetails)
                : Phrasing.And([.. facts.Select(f => f.Ask ?? Phrasing.Asked(f.Type, f.Label)).Distinct(StringComparer.Ordinal)]);
        return string.Format(alsoIdentity ? Line(AgentLines.AndAlso) : Line(AgentLines.AskFacts), asked);
    }

    /// <summary>States the action with its details, and asks for a yes.</summary>
    /// <param name="reminder">What the policy requires before the yes; empty if nothing.</param>
    public string Confirm(IReadOnlyList<string> wishes, IReadOnlyList<string> details, string reminder)
    {
        var words = Phrasing.And([.. wishes.Select(Perspective.Second)]);
        details = Stated(details);
        if (details.Count == 0)
            return string.Format(Line(AgentLines.ConfirmBare), words);
        var ask = reminder.Length == 0 ? Line(AgentLines.ConfirmAsk) : $"{reminder} {Line(AgentLines.ConfirmAsk)}";
        return _lists && details.Count > 1
            ? new StringBuilder(string.Format(Line(AgentLines.ConfirmLead), words))
                .Append("\n- ")
                .AppendJoin("\n- ", details)
                .Append('\n')
                .Append(ask)
                .ToString()
            : $"{string.Format(Line(AgentLines.ConfirmInline), words, Plain(details))} {ask}";
    }

    /// <summary>Repeats the details after a question about them, and asks again.</summary>
    public string ConfirmAgain(IReadOnlyList<string> wishes, IReadOnlyList<string> details)
    {
        details = Stated(details);
        var again = details.Count == 0 ? Phrasing.And([.. wishes.Select(Perspective.Second)]) : Plain(details);
        var line = Line(AgentLines.Again);
        return $"{string.Format(line, line.Contains(". {0}", StringComparison.Ordinal) ? Phrasing.Capital(again) : again)} "
            + $"{Line(AgentLines.ConfirmAsk)}";
    }

    public string Report(ImmutableArray<string> done) =>
        done.IsEmpty
            ? _random.Pick(FaultyAgentLines.VagueReport)
            : string.Format(Line(AgentLines.Report), Phrasing.Sentence(_random.Pick(done)));

    /// <param name="isOnly">Whether this was the only question, so that "it" is clear.</param>
    public string Answer(ImmutableArray<string> done, bool isOnly)
    {
        var clause = (isOnly ? _random.Pick(done) : done[0]).TrimEnd('.');
        var isWhole = clause.StartsWith("I ", StringComparison.Ordinal) || clause.Contains(": ", StringComparison.Ordinal);
        if (clause.StartsWith("it is ", StringComparison.Ordinal) || clause.StartsWith("the answer is ", StringComparison.Ordinal))
            return string.Format(_random.Pick(AgentLines.ShortAnswer), Phrasing.Sentence(clause), clause + ".");
        return isWhole
            ? Phrasing.Sentence(clause)
            : Phrasing.Capital(string.Format(Line(AgentLines.Answer), Phrasing.Sentence(clause), clause + "."));
    }

    public string Refuse(string words, string reason, string? clause)
    {
        var text = Phrasing.Capital(Because(RefusalLines.Refuse, words, reason));
        return clause is not null && _quotesClauses
            ? $"{text} {string.Format(_random.Pick(RefusalLines.Clause), Phrasing.Sentence(clause))}"
            : text;
    }

    public string RefuseAgain(string words, string reason) => Because(RefusalLines.RefuseAgain, words, reason);

    // A reason such as "of our rule …" fits only after "because".
    private string Because(Lines lines, string words, string reason)
    {
        var line = Line(lines);
        while (reason.StartsWith("of ", StringComparison.Ordinal) && !line.Contains("because {1}", StringComparison.Ordinal))
            line = _random.Pick(lines.Plain);
        return string.Format(line, Perspective.Second(Phrasing.AsAct(words)), Perspective.Second(reason).TrimEnd('.'));
    }

    /// <summary>Says which branch of a condition applies.</summary>
    public string Branch(Request request)
    {
        var first = request.Alternatives[0];
        var lines = first.When.Contains("possible", StringComparison.Ordinal)
            ? first.Taken
                ? RefusalLines.Possible
                : RefusalLines.NotPossible
            : first.Taken
                ? RefusalLines.Holds
                : RefusalLines.HoldsNot;
        return string.Format(_random.Pick(lines), Perspective.Second(first.When));
    }

    // A detail without a value (such as an empty second address line) needs no consent.
    private static string[] Stated(IReadOnlyList<string> details) =>
        [.. details.Where(d => !d.TrimEnd().EndsWith(':')).Select(Perspective.Second).Distinct(StringComparer.Ordinal)];

    private static string Plain(IReadOnlyList<string> details) => string.Join(", ", details);

    // "your first and last name", if both are asked for.
    private static string Labels(IReadOnlyList<Fact> facts)
    {
        var labels = facts.Select(f => f.Label).ToList();
        var first = labels.IndexOf("first name");
        var last = labels.IndexOf("last name");
        if (first >= 0 && last >= 0)
        {
            labels[Math.Min(first, last)] = "first and last name";
            labels.RemoveAt(Math.Max(first, last));
        }

        return Phrasing.And([.. labels.Select(l => "your " + l)]);
    }
}
