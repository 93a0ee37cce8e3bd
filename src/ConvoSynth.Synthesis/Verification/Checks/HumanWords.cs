using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>human.words</c>: the human keeps to the scenario: gives what they are asked for and know, tells what is for when they are asked only then, asks for
/// nothing else, drops no wish, and does not leave while the agent waits for their yes. Fails only where a fact's value, or the verb and object of an
/// act, shows it.
/// </summary>
internal sealed class HumanWords : ICheck
{
    /// <summary>So many facts that are for when asked, told before the agent asked for any, are everything at once.</summary>
    private const int FewestAtOnce = 2;

    private const int ShortestText = 4;

    private static readonly CheckName Name = new("human", "words", CheckKind.Language);
    private static readonly Verdict Foreign = Name.Skipped("the task has no scenario: what its human wants stands in free words only");

    private readonly UnaskedActs _acts;

    public HumanWords(Pack pack) => _acts = new(pack);

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.IsForeign)
        {
            verdicts.Add(Foreign);
            return;
        }

        var findings = new Findings(Name, verdicts);
        Volunteering(trace, ref findings);
        Withholding(trace, ref findings);
        _acts.Find(trace, ref findings);
        Dropping(trace, ref findings);
        Leaving(trace, ref findings);
        findings.Close();
    }

    // Everything that is for when asked, told before the agent asked anything.
    private static void Volunteering(Trace trace, ref Findings findings)
    {
        int kept = 0, told = 0, last = -1;
        var isDistinct = false;
        // Most often plain at the first fact: only the rest is worth finding the opening for.
        if (!(MayTellAll(trace, 0) || MayTellAll(trace, 2)) || Opening(trace) is not { } opening) return;
        foreach (var fact in trace.Blueprint.Scenario.Facts)
        {
            if (fact.Disclosure != Disclosure.WhenAsked || IsToldOtherwise(trace.Blueprint.Scenario, fact)) continue;
            kept++;
            isDistinct |= IsDistinct(fact);
            if (trace.Said(opening) is not { } said || !Says(said, fact)) continue;
            told++;
            last = opening;
        }

        if (told >= FewestAtOnce && told == kept && isDistinct) findings.Fail(Fault.Human, last, $"the human tells all {told} facts that are for when they are asked before they are asked for one");
    }

    // Whether each fact that is for when asked stands in the message, or is told otherwise.
    private static bool MayTellAll(Trace trace, int message)
    {
        if (message >= trace.Conversation.Messages.Length || trace.Said(message) is not { } said) return false;
        var told = 0;
        foreach (var fact in trace.Blueprint.Scenario.Facts)
        {
            if (fact.Disclosure != Disclosure.WhenAsked) continue;
            if (Says(said, fact)) told++;
            else if (!IsToldOtherwise(trace.Blueprint.Scenario, fact)) return false;
        }

        return told >= FewestAtOnce;
    }

    // The first message that says what it is about: a greeting that has no word of any wish may come before it.
    private static int? Opening(Trace trace)
    {
        var messages = trace.Conversation.Messages;
        if (messages.Length == 0 || messages[0].Role != MessageRole.User || trace.Said(0) is not { } first) return null;
        var isGreeting = messages.Length > 2 && messages[2].Role == MessageRole.User
            && !trace.Blueprint.Scenario.Requests.SelectMany(Texts).SelectMany(t => SpokenText.Padded(t).Split(' ')).Any(w => w.Length >= ShortestText && first.Has($" {w[..ShortestText]}"));
        return isGreeting ? 2 : 0;
    }

    // "I don't know" about what they know, and never told after all.
    private static void Withholding(Trace trace, ref Findings findings)
    {
        var messages = trace.Conversation.Messages;
        for (var i = 1; i < messages.Length; i++)
        {
            if (messages[i].Role != MessageRole.User || trace.Said(i) is not { } said || !Reading.DoesNotKnow(said)) continue;
            var question = ProcedureConfirm.Last(trace, i, MessageRole.Assistant);
            if (question < 0 || trace.Said(question) is not { } asked) continue;
            Fact? due = null;
            var isAnswered = false;
            foreach (var fact in trace.Blueprint.Scenario.Facts)
            {
                if (fact.Disclosure == Disclosure.Never || !asked.Has(SpokenText.Phrase(fact.Label))) continue;
                if (Says(said, fact)) isAnswered = true;
                else if (!IsEverSaid(trace, fact)) due ??= fact;
            }

            // Where the question was for something unknown as well, the answer may speak of that.
            var isForUnknown = trace.Blueprint.Scenario.Unknowns.Any(u => asked.Has(SpokenText.Padded(u)));
            if (due is null) continue;
            if (!isAnswered && !isForUnknown) findings.Fail(Fault.Human, i, $"asked for the {due.Label}, the human says that they do not know it; the scenario has {due.Said}");
            else findings.Unsure(i, $"the human does not know something: is it the {due.Label}, which the scenario gives as {due.Said}?");
        }
    }

    // A wish of which nothing was ever said: no fact of it, no verb, no tool called for it.
    private static void Dropping(Trace trace, ref Findings findings)
    {
        if (trace.Conversation.End != DialogueEnd.HumanStop) return;
        var scenario = trace.Blueprint.Scenario;
        if (scenario.Requests.Length < 2) return;
        for (var r = 0; r < scenario.Requests.Length; r++)
        {
            var request = scenario.Requests[r];
            if (IsServed(trace, request) || IsRaised(trace, scenario, request)) continue;
            findings.Fail(Fault.Human, trace.Conversation.Messages.Length - 1, $"the human ends without ever having asked to {request.Brief}");
        }
    }

    // By a verb and a fact that no other wish has, or by a word of it that nothing else in the scenario has; where there is none of these, nothing can be told.
    private static bool IsRaised(Trace trace, Scenario scenario, Request request)
    {
        // A wish may be told by another verb than its short form has; a fact of it raises it then, though a third wish may tell that fact too.
        foreach (var slot in request.Slots)
        {
            if (scenario.Fact(slot) is { Type: not ("count" or "flag"), Said.Length: > 2 } fact && IsEverSaid(trace, fact)) return true;
        }

        var others = SpokenText.Padded(string.Join(" . ", [scenario.Reason, .. scenario.Requests.Where(r => !ReferenceEquals(r, request)).SelectMany(Texts)]));
        string[] own = [.. Texts(request).SelectMany(t => SpokenText.Padded(t).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.Length >= ShortestText).Select(w => $" {w[..ShortestText]}").Where(w => !others.Contains(w, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
        if (own.Length == 0) return true;
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.Conversation.Messages[i].Role == MessageRole.User && trace.Said(i) is { } said && Array.Exists(own, said.Has)) return true;
        }

        var brief = SpokenText.Padded(request.Brief).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return !brief.Any(w => w.Length >= ShortestText && own.Contains($" {w[..ShortestText]}", StringComparer.Ordinal));
    }

    private static IEnumerable<string> Texts(Request request) => [request.Words, request.Brief, .. request.Alternatives.SelectMany(a => (string[])[a.When, a.Words])];

    private static bool IsServed(Trace trace, Request request)
    {
        var actions = trace.Blueprint.Actions;
        for (var a = request.FirstAction; a < Math.Min(request.FirstAction + request.ActionCount, actions.Length); a++)
        {
            if (actions[a].Writes && trace.Calls.Any(c => c.Wrote && c.Tool!.Name == actions[a].Tool && PlanMatch.Same(trace.Pack, c.Tool, actions[a].Arguments, c.Arguments!))) return true;
        }

        return false;
    }

    // The agent put an open write to the human and asked; the human stops instead of answering.
    private static void Leaving(Trace trace, ref Findings findings)
    {
        if (trace.Conversation.End != DialogueEnd.HumanStop) return;
        var end = trace.Conversation.Messages.Length - 1;
        var question = ProcedureConfirm.Last(trace, end, MessageRole.Assistant);
        if (question < 0 || trace.Said(question) is not { } asked || Reading.AsksForMore(asked) || !Reading.AsksForYes(asked)) return;
        if (trace.Said(end)?.Reading is { No: true }) return;
        foreach (var request in trace.Blueprint.Scenario.Requests)
        {
            if (request.Kind != RequestKind.Do || IsServed(trace, request) || !IsPutTo(trace.Blueprint.Scenario, request, asked)) continue;
            findings.Fail(Fault.Human, end, $"the human leaves while message {question} waits for their word: {request.Words}");
            return;
        }
    }

    // A fact of the wish stands in the question; where the wish has none that is hardly said by accident, the question alone counts.
    private static bool IsPutTo(Scenario scenario, Request request, SpokenText asked)
    {
        var any = false;
        foreach (var slot in request.Slots)
        {
            if (scenario.Fact(slot) is not { } fact || !IsDistinct(fact)) continue;
            any = true;
            if (Says(asked, fact)) return true;
        }

        return !any;
    }

    private static bool IsEverSaid(Trace trace, Fact fact)
    {
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.Conversation.Messages[i].Role == MessageRole.User && trace.Said(i) is { } said && Says(said, fact)) return true;
        }

        return false;
    }

    private static bool IsDistinct(Fact fact) =>
        fact.Type is not ("count" or "flag") && (fact.Value is JsonNumber || fact.Value.Text is { Length: >= ShortestText });

    // The same value may be told under another name, or stand in the words of another wish, or of two.
    private static bool IsToldOtherwise(Scenario scenario, Fact fact) =>
        scenario.Facts.Any(f => f.Disclosure == Disclosure.Volunteer && (f.Value == fact.Value || f.Said.Contains(fact.Said, StringComparison.OrdinalIgnoreCase)))
        || scenario.Requests.Count(r => Holds(r.Words, fact) || r.Alternatives.Any(a => Holds(a.Words, fact))) > 1
        || scenario.Requests.Any(r => !r.Slots.Contains(fact.Slot, StringComparer.Ordinal) && (Holds(r.Words, fact) || r.Alternatives.Any(a => Holds(a.Words, fact))));

    private static bool Holds(string words, Fact fact) => words.Contains(fact.Said, StringComparison.OrdinalIgnoreCase);

    private static bool Says(SpokenText said, Fact fact) => said.Has(SpokenText.Phrase(fact.Said)) || FieldValues.Says(said.Text, fact.Type, fact.Value);
}
