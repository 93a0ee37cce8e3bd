using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>The human's messages, in the persona's manner: facts in their spoken form, requests in the first person.</summary>
internal sealed class HumanVoice
{
    private readonly SeededRandom _random;
    private readonly string _partOfDay;
    private readonly Typist _typist;

    /// <param name="said">Values as this person says them; their letter case stays.</param>
    public HumanVoice(Persona persona, DateTimeOffset clock, SeededRandom random, IReadOnlyList<string> said)
    {
        _random = random;
        Manner = new(persona.Traits, random);
        _partOfDay =
            clock.Hour < 12 ? "Good morning"
            : clock.Hour < 18 ? "Good afternoon"
            : "Good evening";
        _typist = new(random.Chance(Math.Max(Manner.LowerCase, Manner.Hurried > 0.4 ? Manner.Hurried * 0.5 : 0)), said);
    }

    public Manner Manner { get; }

    /// <summary>A line without content beyond its act.</summary>
    public string Line(Lines lines) => Manner.Pick(lines);

    public string Line(string[] lines) => _random.Pick(lines);

    public string WarmUp() => string.Format(Line(HumanLines.WarmUp), _partOfDay);

    /// <summary>The first message that states the matter.</summary>
    /// <param name="greeted">Whether an earlier message has greeted.</param>
    public string Opening(
        string reason,
        IReadOnlyList<Fact> identity,
        IReadOnlyList<Fact> extra,
        IReadOnlyList<(Request Request, bool Full)> wishes,
        bool greeted
    )
    {
        var parts = new List<string>(6);
        var greeting = greeted ? "" : string.Format(Line(HumanLines.Greeting), _partOfDay);
        var identityLast = identity.Count > 0 && _random.Chance(0.6);
        if (identity.Count > 0 && !identityLast)
            parts.Add(Phrasing.Sentence(Own(identity)));
        if (wishes.Count > 1 && _random.Chance(0.35))
            parts.Add(_random.Pick(HumanOpenings.CountOfWishes));
        parts.Add(FirstWish(reason, wishes[0].Request, wishes[0].Full));
        for (var i = 1; i < wishes.Count; i++)
            parts.Add(Sentence(HumanLines.Also, Manner, Further(wishes[i].Request, wishes[i].Full)));
        if (extra.Count > 0)
            parts.Add(Phrasing.Sentence(HumanPhrases.Listed(extra)));
        if (identityLast)
            parts.Add(Identity(identity));
        if (Manner.Chatty > 0.5 && _random.Chance(Manner.Chatty))
            parts.Insert(_random.Next(2) * parts.Count, _random.Pick(HumanLines.Remarks));
        var text = string.Join(' ', parts);
        if (greeting.Length == 0)
            return text;
        // After "Hi," the sentence continues in lower case.
        return greeting[^1] is ',' or '-' && Typist.IsOrdinary(text) ? $"{greeting} {HumanPhrases.Uncapital(text)}" : $"{greeting} {text}";
    }

    /// <summary>A later request, with a lead that continues the dialogue.</summary>
    public string NextWish(Request request, bool full, bool afterRefusal)
    {
        var wish = Further(request, full);
        return afterRefusal
            ? $"{Line(HumanReplies.Accept)} {Sentence(HumanLines.Also, Manner, wish)}"
            : Sentence(HumanLines.NextWish, Manner, wish);
    }

    /// <summary>A wish that was made up by an answer.</summary>
    public string Decided(Request request) => Sentence(DecisionLines.Decided, Manner, Wish(request, full: true));

    /// <summary>The requested facts of the person's identity.</summary>
    public string GiveIdentity(IReadOnlyList<Fact> facts, bool isRest)
    {
        if (isRest)
            return Said(HumanReplies.Rest, Own(facts));
        return _random.Chance(Manner.Unsure * 0.4)
            ? Said(HumanReplies.GiveUnsure, Own(facts))
            : Said(HumanReplies.Give, _random.Chance(Manner.Brief * 0.5) ? HumanPhrases.Bare(facts) : Own(facts));
    }

    /// <summary>The answer to the agent's question about a request's details.</summary>
    public string GiveFacts(Request request, IReadOnlyList<Fact> facts, bool wholeWish)
    {
        if (wholeWish)
            return Sentence(null, Manner, Wish(request, full: true));
        if (_random.Chance(Manner.Brief * 0.6))
            return Said(HumanReplies.Give, HumanPhrases.Bare(facts));
        return Said(_random.Chance(Manner.Unsure * 0.4) ? HumanReplies.GiveUnsure : HumanReplies.Give, HumanPhrases.Listed(facts));
    }

    public string Yes() => _random.Chance(Manner.Unsure * 0.6) ? Line(HumanReplies.YesUnsure) : Line(HumanReplies.Yes);

    /// <summary>Whether this person asks a question before a yes.</summary>
    public bool AsksBack => _random.Chance(0.05 + (0.75 * Math.Max(Manner.Unsure > 0.4 ? Manner.Unsure : 0, Manner.Careful * 1.2)));

    /// <summary>The last message, without the stop mark.</summary>
    public string Bye(bool afterRefusal)
    {
        var bye = Line(HumanReplies.Bye);
        if (afterRefusal)
            return $"{Line(HumanReplies.Accept)} {bye}";
        // "No, that's it" answers the question at once; thanks would come too late or twice.
        var isWhole =
            bye.StartsWith('N')
            || bye.StartsWith("Um", StringComparison.Ordinal)
            || bye.Contains("hank", StringComparison.Ordinal)
            || bye.Contains("been", StringComparison.Ordinal);
        return isWhole || _random.Chance(0.2) ? bye : $"{Line(HumanReplies.Thanks)} {bye}";
    }

    // A short request keeps the reason that the policy may weigh: "cancel a reservation, because I am ill".
    private Clause Further(Request request, bool full)
    {
        var wish = Wish(request, full);
        var at = full ? -1 : request.Words.LastIndexOf(", because ", StringComparison.Ordinal);
        return at < 0 ? wish : wish with { Text = wish.Text + Perspective.First(request.Words[at..]) };
    }

    private Clause Wish(Request request, bool full)
    {
        if (full && !request.Alternatives.IsEmpty)
            return new(ConditionalWish.Of(request, _random), IsQuestion: false);
        var words = Perspective.First(full ? request.Words : request.Brief);
        var isTell = request.Kind == RequestKind.Tell;
        var line = Line(isTell ? HumanLines.Ask : HumanLines.Want);
        // "Please" suits an agent's act (renew a loan), not the human's own (keep a book longer).
        if (
            !isTell
            && line.Contains("please {0}", StringComparison.Ordinal)
            && Array.Exists(HumanOpenings.OwnActs, a => words.StartsWith(a, StringComparison.Ordinal))
        )
            line = "I'd like to {0}";
        if (!isTell)
            return new(string.Format(line, Phrasing.AsAct(words)), HumanPhrases.AsksQuestion(line));
        words = Phrasing.AsKnowledge(words);
        // "Wondering about" suits a noun; "wondering" suits how, what or whether.
        if (Phrasing.IsClause(words))
            line = line.Replace("wondering about", "wondering", StringComparison.Ordinal);
        return new(string.Format(line, words), HumanPhrases.AsksQuestion(line));
    }

    /// <summary>How many of these facts a forgetful person gives first; all of them if the rest would be half a name.</summary>
    public int GivenFirst(IReadOnlyList<Fact> facts)
    {
        var named = HumanPhrases.Names(facts).First is not null ? 2 : 1;
        return facts.Count > named && _random.Chance(0.12 + (0.25 * Manner.Unsure)) ? named : facts.Count;
    }

    /// <summary>The text as this person would type it.</summary>
    public string Typed(string text) => _typist.Typed(text);

    private string FirstWish(string reason, Request request, bool full)
    {
        var wish = Wish(request, full);
        reason = Perspective.First(reason).TrimEnd('.');
        // A short request omits what the policy may weigh, such as an illness: then the reason is said.
        if (reason.Length == 0 || (full && _random.Chance(Manner.Brief * 0.45)))
            return Sentence(null, Manner, wish);
        if (full && !request.Alternatives.IsEmpty)
            return $"{Phrasing.Sentence(reason)} {Sentence(null, Manner, wish)}";
        var joins = HumanPhrases.MayJoin(wish.Text);
        if (!joins && _random.Chance(0.4))
            return $"{Phrasing.Sentence(reason)} {Sentence(null, Manner, wish)}";
        if (joins && _random.Chance(0.6))
        {
            // A question may follow "so", but not "which is why".
            var line = _random.Pick(wish.IsQuestion ? HumanLines.ReasonThenQuestion : HumanLines.ReasonThenWish);
            var text = line.Contains(". {1}", StringComparison.Ordinal) ? Phrasing.Capital(wish.Text) : wish.Text;
            return Phrasing.Capital(HumanPhrases.Ended(string.Format(line, reason, text), wish.IsQuestion));
        }

        var after = _random.Pick(HumanLines.WishThenReason);
        return $"{Sentence(null, Manner, wish)} {Phrasing.Capital(string.Format(after, reason))}";
    }

    private string Identity(IReadOnlyList<Fact> facts) =>
        Phrasing.Capital(string.Format(_random.Pick(HumanOpenings.IdentityLeads), Own(facts)));

    // "my card number is 12 and my surname is Ashby"; a first and a last name are combined.
    private string Own(IReadOnlyList<Fact> facts)
    {
        var parts = new List<string>(facts.Count);
        var (first, last) = HumanPhrases.Names(facts);
        if (first is not null)
            parts.Add($"{_random.Pick(["my name is", "I'm", "the name is", "it's"])} {first.Said} {last!.Said}");
        foreach (var fact in facts)
        {
            if (ReferenceEquals(fact, first) || ReferenceEquals(fact, last))
                continue;
            parts.Add($"my {fact.Label} {Phrasing.Is(fact.Label)} {fact.Said}");
        }

        return Phrasing.And(parts);
    }

    private string Said(Lines lines, string words)
    {
        var line = Line(lines);
        var at = line.IndexOf("{0}", StringComparison.Ordinal);
        var opens = at == 0 || (at >= 2 && line[at - 2] is '.' or '!' or '?' or '…');
        return Phrasing.Capital(string.Format(line, opens ? Phrasing.Capital(words) : words));
    }

    private static string Sentence(Lines? lead, Manner manner, Clause wish) =>
        Phrasing.Capital(HumanPhrases.Ended(lead is null ? wish.Text : string.Format(manner.Pick(lead), wish.Text), wish.IsQuestion));

    // A request as a clause without its end: "I'd like to renew a loan".
    private readonly record struct Clause(string Text, bool IsQuestion);
}
