using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Decides which wishes of a scenario the human's messages raise. A wish is raised by a fact that no other wish has, or by a word that no
/// other wish has beside another word of the wish. Otherwise it takes a sentence that asks for it and that no other wish needs: two wishes
/// with the same words take two sentences.
/// </summary>
internal sealed class RaisedWishes
{
    private const int ShortestText = CommonWords.Stem;

    private readonly Trace _trace;
    private readonly Scenario _scenario;
    private readonly HashSet<string> _factWords;

    public RaisedWishes(Trace trace)
    {
        _trace = trace;
        _scenario = trace.Blueprint.Scenario;
        _factWords = _scenario.Facts.SelectMany(f => SpokenText.Phrase(f.Said).Split(' ')).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether a text contains no wish and no fact of the scenario, as a greeting does: "is this the right place?" asks for no two places.
    /// </summary>
    public bool IsGreeting(SpokenText said) =>
        !_scenario.Requests.Any(r => Texts(r).SelectMany(Stems).Distinct(StringComparer.Ordinal).Where(said.Has).Skip(1).Any())
        && !_scenario.Facts.Any(f => f.Type is not ("count" or "flag") && Says(said, f));

    /// <summary>Whether a text has a word or a fact that belongs to this wish alone.</summary>
    public bool IsIn(SpokenText said, Request request) =>
        Array.Exists(OwnWords(request), said.Has) || OwnFacts(request).Any(f => Says(said, f));

    /// <summary>Whether any message of the human raises the wish.</summary>
    /// <param name="from">Index of the first message that counts.</param>
    public bool IsRaised(Request request, int from = 0)
    {
        var own = OwnWords(request);
        Fact[] facts = [.. OwnFacts(request)];
        var sentences = new List<SpokenText>();
        for (var i = from; i < _trace.Conversation.Messages.Length; i++)
        {
            if (_trace.Conversation.Messages[i].Role != MessageRole.User || _trace.Said(i) is not { } said)
                continue;
            if (Array.Exists(facts, f => Says(said, f)))
                return true;
            sentences.AddRange(said.Sentences().Select(s => new SpokenText(s)));
        }

        // "Thank you for checking" raises no wish for checked bags: a verb, or a word in another form, takes a second word of the wish.
        string[] stems =
        [
            .. Texts(request)
                .SelectMany(Stems)
                .Concat(own.Select(w => _factWords.Contains(w.Trim()) ? w : w[..(ShortestText + 1)]))
                .Distinct(StringComparer.Ordinal),
        ];
        string[] whole = [.. Texts(request).SelectMany(Words).Where(w => !_factWords.Contains(w) && !IsVerb(w)).Select(w => $" {w} ")];
        foreach (var sentence in sentences)
        {
            var hasAnother = stems.Count(sentence.Has) >= Math.Min(2, stems.Length);
            foreach (var word in own)
            {
                if (IsSaid(sentence, word) && (hasAnother || Array.Exists(whole, o => StartsWith(o, word) && sentence.Has(o))))
                    return true;
            }
        }

        return IsASentenceLeft(request, own, sentences);
    }

    // "Is that all that changes?" asks about the proposal: a verb of its relative clause raises no wish.
    private static bool IsSaid(SpokenText said, string stem)
    {
        const string Relative = " that";
        var words = said.Words.AsSpan();
        for (var at = words.IndexOf(stem); at >= 0; at = words.IndexOf(stem))
        {
            var length = words[(at + 1)..].IndexOf(' ');
            if (!words[..at].EndsWith(Relative) || words[at + length] != 's')
                return true;
            words = words[(at + length)..];
        }

        return false;
    }

    // In order, each earlier wish takes the first sentence that asks for it. A sentence with words of another wish alone, or with facts
    // that only others need, does not raise this one.
    private bool IsASentenceLeft(Request request, string[] own, List<SpokenText> sentences)
    {
        foreach (var other in _scenario.Requests)
        {
            if (ReferenceEquals(other, request))
                break;
            var at = sentences.FindIndex(s => Asks(s, other, []));
            if (at >= 0)
                sentences.RemoveAt(at);
        }

        foreach (var sentence in sentences)
        {
            if (
                Asks(sentence, request, own)
                && !_scenario.Requests.Any(q => !ReferenceEquals(q, request) && IsIn(sentence, q))
                && !_scenario.Facts.Any(f => IsOfOthers(f, request) && Says(sentence, f))
            )
                return true;
        }

        return false;
    }

    // "I would like to cancel the order with the Bike Light Set" names the order of another wish to cancel.
    private bool IsOfOthers(Fact fact, Request request) =>
        fact.Type is not ("count" or "flag")
        && fact.Said.Length > 2
        && !Texts(request).Any(t => Holds(t, fact))
        && !_scenario.Facts.Any(f => f.Value == fact.Value && request.Slots.Contains(f.Slot, StringComparer.Ordinal))
        && _scenario.Requests.Any(r => r.Slots.Contains(fact.Slot, StringComparer.Ordinal));

    // The sentence has all stems of the short form, or three fifths of a longer one. Forms with a word of the wish alone are excluded,
    // since that word was not said. In a sentence that gives the reason of the contact, stems of the reason raise no wish.
    private bool Asks(SpokenText sentence, Request request, string[] own)
    {
        string[] reason = [.. Stems(_scenario.Reason).Distinct(StringComparer.Ordinal)];
        var tellsReason = reason.Length > 0 && reason.Count(sentence.Has) * 5 >= reason.Length * 3;
        foreach (var text in (string[])[request.Brief, request.Words, .. request.Alternatives.Select(a => a.Words)])
        {
            string[] stems = [.. Stems(text).Distinct(StringComparer.Ordinal)];
            if (stems.Length == 0 || stems.Any(own.Contains) || (tellsReason && Array.TrueForAll(stems, reason.Contains)))
                continue;
            var said = stems.Count(sentence.Has);
            if (said == stems.Length || (!ReferenceEquals(text, request.Brief) && said * 5 >= stems.Length * 3))
                return true;
        }

        return false;
    }

    // Stems that occur neither in another wish, nor in the reason, nor in a fact's label. It adds verbs of the wish's tool that no other
    // wish's tool has.
    private string[] OwnWords(Request request)
    {
        var others = SpokenText.Padded(
            string.Join(
                " . ",
                [
                    _scenario.Reason,
                    .. _scenario.Requests.Where(r => !ReferenceEquals(r, request)).SelectMany(Texts),
                    .. _scenario.Facts.Select(f => f.Label),
                    .. _scenario.Facts.Where(f => !request.Slots.Contains(f.Slot, StringComparer.Ordinal)).Select(f => f.Said),
                ]
            )
        );
        var otherVerbs = _scenario.Requests.Where(r => !ReferenceEquals(r, request)).SelectMany(Verbs).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Texts(request)
                .SelectMany(Stems)
                .Concat(Verbs(request).Where(v => !otherVerbs.Contains(v)))
                .Where(w => !others.Contains(w, StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private IEnumerable<string> Verbs(Request request) =>
        request.Tool is { } tool && _trace.Pack.Domain.Acts.TryGetValue(tool, out var act)
            ? act.Verbs.Select(SpokenText.Phrase).Where(v => v.Length >= ShortestText + 2 && !CommonWords.Has(v.AsSpan(1)))
            : [];

    // Facts of the wish that no other wish or fact and not the reason mentions.
    private IEnumerable<Fact> OwnFacts(Request request)
    {
        foreach (var fact in _scenario.Facts)
        {
            if (fact.Type is "count" or "flag" || fact.Said.Length <= 2 || !request.Slots.Contains(fact.Slot, StringComparer.Ordinal))
                continue;
            if (
                Holds(_scenario.Reason, fact)
                || _scenario.Requests.Any(r =>
                    !ReferenceEquals(r, request)
                    && (r.Slots.Contains(fact.Slot, StringComparer.Ordinal) || Texts(r).Any(t => Holds(t, fact)))
                )
            )
                continue;
            if (
                !_scenario.Facts.Any(f =>
                    !request.Slots.Contains(f.Slot, StringComparer.Ordinal)
                    && (f.Value == fact.Value || Holds(f.Said, fact) || Holds(f.Label, fact))
                )
            )
                yield return fact;
        }
    }

    private static IEnumerable<string> Texts(Request request) =>
        [request.Words, request.Brief, request.Opening ?? "", .. request.Alternatives.SelectMany(a => (string[])[a.When, a.Words])];

    // A word of a fact is whole: "of course" names no Courthouse Square, and "maybe" no reservation MAYBN9.
    private IEnumerable<string> Stems(string text) => Words(text).Select(w => _factWords.Contains(w) ? $" {w} " : $" {w[..ShortestText]}");

    private bool IsVerb(string word) =>
        _trace.Pack.Domain.Acts.Values.Any(a => a.Verbs.Any(v => SpokenText.Phrase(v).StartsWith($" {word} ", StringComparison.Ordinal)));

    private static IEnumerable<string> Words(string text) =>
        SpokenText
            .Phrase(text)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(w => w.Length >= ShortestText && !CommonWords.Has(w));

    private static bool StartsWith(string word, string stem) => word.StartsWith(stem, StringComparison.Ordinal);

    private static bool Holds(string words, Fact fact) => words.Contains(fact.Said, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text says the fact, in its words or in another form of its value.</summary>
    public static bool Says(SpokenText said, Fact fact) =>
        said.Has(SpokenText.Phrase(fact.Said)) || FieldValues.Says(said.Text, fact.Type, fact.Value);
}
