using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>Facts and wishes in the human's words, whatever the persona.</summary>
internal static class HumanPhrases
{
    // The spoken form may be a whole description: `the order with the lamp`.
    public static string Bare(IReadOnlyList<Fact> facts)
    {
        var (first, last) = Names(facts);
        return string.Join(
            ", ",
            facts
                .Where(f => !ReferenceEquals(f, last))
                .Select(f => ReferenceEquals(f, first) ? $"{first!.Said} {last!.Said}" : BareAnswer(f))
                .Distinct(StringComparer.Ordinal)
        );
    }

    private static string BareAnswer(Fact fact) =>
        fact.Answer is { } answer
            ? answer.StartsWith("it's ", StringComparison.Ordinal)
                ? answer[5..]
                : answer
            : Phrasing.Counted(fact.Type, fact.Label, fact.Said) ?? fact.Said;

    public static string Listed(IReadOnlyList<Fact> facts) =>
        Phrasing.And([
            .. facts
                .Select(f =>
                    f.Answer
                    ?? (
                        Phrasing.Counted(f.Type, f.Label, f.Said) is { } counted
                            ? $"it's {counted}"
                            : $"the {f.Label} {Phrasing.Is(f.Label)} {f.Said}"
                    )
                )
                .Distinct(StringComparer.Ordinal),
        ]);

    public static (Fact? First, Fact? Last) Names(IReadOnlyList<Fact> facts)
    {
        var first = facts.FirstOrDefault(f => f.Slot.EndsWith("first_name", StringComparison.Ordinal));
        var last = facts.FirstOrDefault(f => f.Slot.EndsWith("last_name", StringComparison.Ordinal));
        return first is null || last is null ? (null, null) : (first, last);
    }

    /// <summary>
    /// Whether a request may follow its reason in one sentence. Without a subject ("need to …"), as a plea ("please …") or with a doubt
    /// ("I don't know if I can, but …") it is a sentence of its own.
    /// </summary>
    public static bool MayJoin(string wish) =>
        !wish.StartsWith("need", StringComparison.Ordinal)
        && !wish.StartsWith("please", StringComparison.Ordinal)
        && !wish.StartsWith("tell", StringComparison.Ordinal)
        && !wish.Contains(", but ", StringComparison.Ordinal);

    public static string Ended(string clause, bool isQuestion) =>
        clause[^1] is '.' or '?' or '!' ? clause : clause + (isQuestion ? '?' : '.');

    public static bool AsksQuestion(string line) =>
        line.StartsWith("can", StringComparison.Ordinal)
        || line.StartsWith("could", StringComparison.Ordinal)
        || line.StartsWith("may ", StringComparison.Ordinal)
        || line.StartsWith("would", StringComparison.Ordinal)
        || line.Contains(": could you", StringComparison.Ordinal)
        || line.StartsWith("maybe", StringComparison.Ordinal);

    public static string Uncapital(string text) =>
        text.Length > 1 && text[0] == 'I' && text[1] is ' ' or '\''
            ? text
            : string.Concat(char.ToLowerInvariant(text[0]).ToString(), text.AsSpan(1));
}
