using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Values framed by the scenario's own words. If a message has the words of a wish around a fact but something else in the fact's place,
/// it states another value. "…, with Riverside as the pick-up branch" is a frame of Riverside.
/// </summary>
internal sealed class FramedValues
{
    /// <summary>
    /// A frame has up to 3 words on either side and at least 3 in all. A frame that ends with its value has at least 2 before it.
    /// </summary>
    private const int MaxWords = 3;
    private const int MinWords = 3;
    private const int MinBefore = 2;

    /// <summary>Maximum number of extra characters in a reworded value.</summary>
    private const int Slack = 40;

    private readonly List<Frame> _frames = [];
    private readonly List<string> _texts = [];
    private readonly List<string> _values = [];
    private readonly IReadOnlyList<string> _withheld;

    /// <param name="withheld">Slots of facts that the human leaves out of the words of the wish.</param>
    /// <param name="policy">The policy, whose sentences may have the same words around other text.</param>
    public FramedValues(Scenario scenario, string policy, IReadOnlyList<string> withheld)
    {
        _withheld = withheld;
        _texts.Add(SpokenText.Phrase(policy));
        foreach (var fact in scenario.Facts)
        {
            if (fact.Type is not ("count" or "flag") && fact.Said.Length > 2)
                _values.Add(SpokenText.Phrase(fact.Said));
        }

        foreach (var request in scenario.Requests)
        {
            Add(scenario, request, request.Words);
            foreach (var branch in request.Alternatives)
                Add(scenario, request, branch.Words);
        }
    }

    /// <summary>The text in a fact's place, and the fact; null if there is none.</summary>
    public (string Said, Fact Fact)? Other(SpokenText said)
    {
        if (In(said.Words, isSentence: false) is null)
            return null;
        // A match across the border of two sentences is no frame, so each sentence is checked alone.
        foreach (var sentence in said.Sentences())
        {
            if (In(sentence, isSentence: true) is { } other)
                return other;
        }

        return null;
    }

    private (string Said, Fact Fact)? In(string words, bool isSentence)
    {
        foreach (var frame in _frames)
        {
            for (
                var at = words.IndexOf(frame.Before, StringComparison.Ordinal);
                at >= 0;
                at = words.IndexOf(frame.Before, at + 1, StringComparison.Ordinal)
            )
            {
                if (
                    Between(words, at + frame.Before.Length - 1, frame) is not { } between
                    || IsOf(frame, between)
                    || IsOfItsKind(frame, between)
                    || IsOfAnother(words, at + frame.Before.Length - 1)
                )
                    continue;
                if (
                    (isSentence && words.Contains(frame.Value, StringComparison.Ordinal))
                    || _values.Exists(v =>
                        words.AsSpan(at + frame.Before.Length - 1).StartsWith(v, StringComparison.Ordinal)
                        || between.Contains(v, StringComparison.Ordinal)
                    )
                    || _texts.Exists(t => t.Contains(string.Concat(frame.Before, between.AsSpan(1)), StringComparison.Ordinal))
                )
                    continue;
                return (between.Trim(), frame.Fact);
            }
        }

        return null;
    }

    private void Add(Scenario scenario, Request request, string text)
    {
        var words = SpokenText.Phrase(text);
        // Another wish of the task may have the same words around a value of its own; the human says it in the first person.
        _texts.Add(words);
        _texts.Add(SpokenText.Phrase(Perspective.First(text)));
        // So may the report of one wish: "…, and the difference is settled" beside "the difference between this and the lamp".
        _texts.AddRange(request.Done.Select(SpokenText.Phrase));
        // So may the reason of a refusal: "the flight cannot be booked on that day".
        _texts.AddRange(request.Because.Select(SpokenText.Phrase));
        var opening = request.Opening is { } first ? SpokenText.Phrase(first) : null;
        if (opening is not null)
        {
            _texts.Add(opening);
            _texts.Add(SpokenText.Phrase(Perspective.First(request.Opening!)));
        }

        foreach (var slot in request.Slots)
        {
            if (scenario.Fact(slot) is not { Type: not "enum" } fact || _withheld.Contains(slot, StringComparer.Ordinal))
                continue;
            var value = SpokenText.Phrase(fact.Said);
            // The human says something else there first, as the scenario has it.
            if (opening is not null && !opening.Contains(value, StringComparison.Ordinal))
                continue;
            var at = value.Length > 2 ? words.IndexOf(value, StringComparison.Ordinal) : -1;
            if (at < 0)
                continue;
            var before = LastWords(words.AsSpan(0, at + 1), out var left);
            var after = FirstWords(words.AsSpan(at + value.Length - 1), out var right);
            if (left > 0 && (right > 0 ? left + right >= MinWords : left >= MinBefore))
                _frames.Add(new(before, value, after, fact));
        }
    }

    // The words up to the frame's end, or as many as the value has; each with a space before and after it.
    private static string? Between(string words, int from, Frame frame)
    {
        if (frame.After.Length > 0)
        {
            var most = Math.Min(words.Length - from, frame.Value.Length + Slack + frame.After.Length);
            var end = words.AsSpan(from, most).IndexOf(frame.After, StringComparison.Ordinal);
            return end <= 0 ? null : words[from..(from + end + 1)];
        }

        var to = from;
        for (var left = frame.Value.AsSpan(1).Count(' '); left > 0 && to < words.Length - 1; left--)
            to = words.IndexOf(' ', to + 1);
        return to == from ? null : words[from..(to + 1)];
    }

    private bool IsOfAnother(string words, int from)
    {
        foreach (var frame in _frames)
        {
            if (
                from + 1 >= frame.Before.Length
                && words.AsSpan(0, from + 1).EndsWith(frame.Before, StringComparison.Ordinal)
                && Between(words, from, frame) is { } between
                && IsOf(frame, between)
            )
                return true;
        }

        return false;
    }

    // Another wish of the same kind has a value of its own: six people in one room, four in the other.
    private bool IsOfItsKind(Frame frame, string between)
    {
        foreach (var other in _frames)
        {
            if (other.Fact != frame.Fact && other.Fact.Label == frame.Fact.Label && IsOf(other, between))
                return true;
        }

        return false;
    }

    private static bool IsOf(Frame frame, string between) =>
        between.Contains(frame.Value, StringComparison.Ordinal)
        || (frame.Fact.Type is "count" or "date" or "money" && FieldValues.Says(between, frame.Fact.Type, frame.Fact.Value));

    private static string LastWords(ReadOnlySpan<char> words, out int count)
    {
        count = 0;
        var at = words.Length - 1;
        while (at > 0 && count < MaxWords)
        {
            at = words[..at].LastIndexOf(' ');
            count++;
        }

        return words[at..].ToString();
    }

    private static string FirstWords(ReadOnlySpan<char> words, out int count)
    {
        count = 0;
        var end = 0;
        while (end < words.Length - 1 && count < MaxWords)
        {
            end += 1 + words[(end + 1)..].IndexOf(' ');
            count++;
        }

        return count == 0 ? "" : words[..(end + 1)].ToString();
    }

    /// <param name="Before">The words before the value, with a space before and after them.</param>
    /// <param name="Value">The words of the value, likewise.</param>
    /// <param name="After">The words behind it, likewise; empty if the value ends the wish.</param>
    private sealed record Frame(string Before, string Value, string After, Fact Fact);
}
