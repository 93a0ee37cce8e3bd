using System.Collections.Frozen;
using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Facts that a message almost states: a name of several words with one exchanged, or another value behind the fact's own label.
/// </summary>
internal static class NearNames
{
    /// <summary>Minimum number of words in a name; shorter names match other words by chance.</summary>
    private const int MinWords = 3;

    // Words that often follow the first words of a title: "the last thing", "the other one".
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Talk = new[]
    {
        "bit",
        "detail",
        "item",
        "matter",
        "one",
        "part",
        "piece",
        "point",
        "question",
        "request",
        "step",
        "thing",
        "time",
        "way",
    }
        .ToFrozenSet(StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The fact whose name occurs in the message with one word exchanged; null if none does.</summary>
    public static Fact? In(Scenario scenario, SpokenText said)
    {
        foreach (var fact in scenario.Facts)
        {
            // "color: white, size: 40" is no name: another row's details may differ in a word.
            if (fact.Type is not ("text" or "name") || fact.Said.Contains(": ", StringComparison.Ordinal))
                continue;
            var name = SpokenText.Phrase(fact.Said);
            if (name.AsSpan().Count(' ') <= MinWords || said.Has(name) || name.Contains('?', StringComparison.Ordinal))
                continue;
            if (IsNear(said.Words, name) && !IsNearElsewhere(scenario, fact, name))
                return fact;
        }

        return null;
    }

    /// <summary>The fact whose label the human gives another value: "my card number is …"; null if there is none.</summary>
    public static Fact? Mislabelled(Scenario scenario, SpokenText said)
    {
        foreach (var fact in scenario.Facts)
        {
            if (fact.Disclosure == Disclosure.Never || fact.Said.Length == 0)
                continue;
            var label = SpokenText.Phrase($"my {fact.Label} is");
            var at = said.Words.IndexOf(label, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var behind = said.Words.AsSpan(at + label.Length - 1);
            if (
                !behind.StartsWith(SpokenText.Phrase(fact.Said), StringComparison.Ordinal)
                && !scenario.Facts.Any(f => f.Label == fact.Label && !ReferenceEquals(f, fact))
            )
                return fact;
        }

        return null;
    }

    // Another fact is as near to the name, or the reason of the contact: "at home and time" is near to Tides and Time.
    private static bool IsNearElsewhere(Scenario scenario, Fact fact, string name) =>
        IsNear(SpokenText.Phrase(scenario.Reason), name)
        || scenario.Facts.Any(f => !ReferenceEquals(f, fact) && IsNear(SpokenText.Phrase(f.Said), name));

    // Half of the name matches, and of the other half all words but one.
    private static bool IsNear(string words, string name)
    {
        var half = name.IndexOf(' ', name.Length / 2);
        var (head, tail) = (name[..(half + 1)], name[half..]);
        for (var at = words.IndexOf(head, StringComparison.Ordinal); at >= 0; at = words.IndexOf(head, at + 1, StringComparison.Ordinal))
        {
            if (Differs(words.AsSpan(at + head.Length - 1), tail, name.Length))
                return true;
        }

        for (var at = words.IndexOf(tail, StringComparison.Ordinal); at >= 0; at = words.IndexOf(tail, at + 1, StringComparison.Ordinal))
        {
            var from = at;
            for (var left = head.AsSpan(1).Count(' '); left > 0 && from > 0; left--)
                from = words.LastIndexOf(' ', from - 1);
            if (Differs(words.AsSpan(from), head, name.Length))
                return true;
        }

        return false;
    }

    private static bool Differs(ReadOnlySpan<char> words, ReadOnlySpan<char> part, int whole)
    {
        var (others, count, agreed, isTalk) = (0, 0, whole - part.Length, false);
        while (part.Length > 1)
        {
            if (words.Length <= 1)
                return false;
            var a = Next(ref words);
            var b = Next(ref part);
            count++;
            if (a.SequenceEqual(b))
            {
                agreed += b.Length + 1;
                continue;
            }

            others++;
            isTalk = Talk.Contains(a);
        }

        return others == 1 && count > 1 && !(isTalk && 2 * agreed < whole);
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> words)
    {
        var end = words[1..].IndexOf(' ');
        var word = words.Slice(1, end);
        words = words[(end + 1)..];
        return word;
    }
}
