using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>human.words</c>: the human keeps to the scenario. They give known facts when asked, and give when-asked facts only then. They ask
/// for nothing else, drop no wish, and do not leave while the agent waits for their yes. The check fails only on the value of a fact, or
/// the verb and object of an act.
/// </summary>
internal sealed class HumanWords : ICheck
{
    /// <summary>
    /// Minimum number of when-asked facts that, said before the agent asks for any, count as telling everything at once.
    /// </summary>
    private const int MinAtOnce = 2;

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
        var raised = new RaisedWishes(trace);
        Volunteering(trace, raised, ref findings);
        Withholding(trace, ref findings);
        _acts.Find(trace, ref findings);
        Dropping(trace, raised, ref findings);
        Leaving(trace, ref findings);
        Misspeaking(trace, ref findings);
        findings.Close();
    }

    // Denials of a fact or a wish of the scenario, and wishes in the scenario's words with another value.
    private static void Misspeaking(Trace trace, ref Findings findings)
    {
        var scenario = trace.Blueprint.Scenario;
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.Conversation.Messages[i].Role != MessageRole.User || trace.Said(i) is not { } said)
                continue;
            if (Denied.Fact(scenario, said) is { } fact)
                findings.Fail(Fault.Human, i, $"the human denies that the {fact.Label} is {fact.Said}");
            else if (Denied.Wish(scenario, said) is { } wish)
                findings.Unsure(i, $"the human seems to deny what the scenario has: {wish}");
            else if (NearNames.Mislabelled(scenario, said) is { } labelled)
                findings.Unsure(i, $"the human gives another {labelled.Label} than {labelled.Said}");
            else if (NearNames.In(scenario, said) is { } near)
                findings.Unsure(i, $"the human almost says {near.Said}, with another word in it");
            else if (trace.Frames.Other(said) is { } other)
                findings.Unsure(i, $"the human says \"{other.Said}\" where the scenario has the {other.Fact.Label} {other.Fact.Said}");
        }
    }

    // All when-asked facts of the human's identity and of the raised wishes, said before the agent asked for any of them.
    private static void Volunteering(Trace trace, RaisedWishes raised, ref Findings findings)
    {
        // A cheap precheck: a missing fact usually settles the question without a search for the opening.
        if (
            !(MayTellAll(trace, 0) || MayTellAll(trace, 2))
            || Opening(trace, raised) is not { } opening
            || trace.Said(opening) is not { } said
        )
            return;
        var scenario = trace.Blueprint.Scenario;
        int kept = 0,
            told = 0;
        var isDistinct = false;
        foreach (var fact in scenario.Facts)
        {
            if (fact.Disclosure != Disclosure.WhenAsked)
                continue;
            var isTold = Says(said, fact);
            if (!isTold && IsForLater(scenario, raised, said, fact))
                continue;
            kept++;
            if (!isTold)
                continue;
            told++;
            isDistinct |= IsDistinct(fact) && !IsToldOtherwise(scenario, fact);
        }

        if (told >= MinAtOnce && told == kept && isDistinct)
            findings.Fail(
                Fault.Human,
                opening,
                $"the human tells all {told} facts that are for when they are asked before they are asked for one"
            );
    }

    // Whether the message says each when-asked fact, apart from those of later wishes.
    private static bool MayTellAll(Trace trace, int message)
    {
        if (message >= trace.Conversation.Messages.Length || trace.Said(message) is not { } said)
            return false;
        var scenario = trace.Blueprint.Scenario;
        var told = 0;
        foreach (var fact in scenario.Facts)
        {
            if (fact.Disclosure != Disclosure.WhenAsked)
                continue;
            if (Says(said, fact))
                told++;
            else if (!IsOfLater(scenario, fact))
                return false;
        }

        return told >= MinAtOnce;
    }

    private static bool IsOfLater(Scenario scenario, Fact fact)
    {
        for (var r = 0; r < scenario.Requests.Length; r++)
        {
            if (scenario.Requests[r].Slots.Contains(fact.Slot, StringComparer.Ordinal))
                return r > 0;
        }

        return false;
    }

    // Whether only wishes that are not raised yet use the fact. The opening always concerns the first wish.
    private static bool IsForLater(Scenario scenario, RaisedWishes raised, SpokenText said, Fact fact)
    {
        var any = false;
        for (var r = 0; r < scenario.Requests.Length; r++)
        {
            if (!scenario.Requests[r].Slots.Contains(fact.Slot, StringComparer.Ordinal))
                continue;
            if (r == 0 || raised.IsIn(said, scenario.Requests[r]))
                return false;
            any = true;
        }

        return any;
    }

    // The first message with a subject. A greeting without a word of any wish may precede it, unless the agent asks for details at once.
    private static int? Opening(Trace trace, RaisedWishes raised)
    {
        var messages = trace.Conversation.Messages;
        if (messages.Length == 0 || messages[0].Role != MessageRole.User || trace.Said(0) is not { } first)
            return null;
        if (messages.Length <= 2 || messages[2].Role != MessageRole.User || !raised.IsGreeting(first))
            return 0;
        return
            trace.Said(1) is { } asked
            && trace.Blueprint.Scenario.Facts.Any(f => f.Disclosure == Disclosure.WhenAsked && asked.Has(SpokenText.Padded(f.Label)))
            ? null
            : 2;
    }

    // "I don't know" about a fact that they know and never say later either.
    private static void Withholding(Trace trace, ref Findings findings)
    {
        var messages = trace.Conversation.Messages;
        for (var i = 1; i < messages.Length; i++)
        {
            if (messages[i].Role != MessageRole.User || trace.Said(i) is not { } said || !Reading.DoesNotKnow(said))
                continue;
            var question = Turns.Last(trace, i, MessageRole.Assistant);
            if (question < 0 || trace.Said(question) is not { } asked)
                continue;
            Fact? due = null;
            var isAnswered = false;
            foreach (var fact in trace.Blueprint.Scenario.Facts)
            {
                if (fact.Disclosure == Disclosure.Never || !asked.Has(SpokenText.Phrase(fact.Label)))
                    continue;
                if (Says(said, fact))
                    isAnswered = true;
                else if (!IsEverSaid(trace, fact))
                    due ??= fact;
            }

            // If the question also covered an unknown, the answer may refer to that.
            var isForUnknown = trace.Blueprint.Scenario.Unknowns.Any(u => asked.Has(SpokenText.Padded(u)));
            if (due is null)
                continue;
            if (!isAnswered && !isForUnknown)
                findings.Fail(
                    Fault.Human,
                    i,
                    $"asked for the {due.Label}, the human says that they do not know it; the scenario has {due.Said}"
                );
            else
                findings.Unsure(i, $"the human does not know something: is it the {due.Label}, which the scenario gives as {due.Said}?");
        }
    }

    // A wish that the human never mentioned and that was neither done nor answered. A served wish without a mention is unsure.
    private static void Dropping(Trace trace, RaisedWishes raised, ref Findings findings)
    {
        if (trace.Conversation.End != DialogueEnd.HumanStop)
            return;
        var scenario = trace.Blueprint.Scenario;
        foreach (var request in scenario.Requests)
        {
            var isServed = IsServed(trace, request) || IsAnswered(trace, request);
            if ((isServed ? IsInItsWords(trace, request) : scenario.Requests.Length < 2) || raised.IsRaised(request, Decided(trace, request)))
                continue;
            if (isServed)
                findings.Unsure(null, $"the human was served without having asked to {request.Brief}, as far as its words are known");
            else
                findings.Fail(
                    Fault.Human,
                    trace.Conversation.Messages.Length - 1,
                    $"the human ends without ever having asked to {request.Brief}"
                );
        }
    }

    // A wish that hangs on an answer is made after that answer; before it, the human says only that it hangs on it.
    private static int Decided(Trace trace, Request request)
    {
        if (request.When is null || trace.Blueprint.Outputs is not [var output])
            return 0;
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (
                trace.Conversation.Messages[i] is { Role: MessageRole.Assistant, Content: { } text }
                && FieldValues.Says(text, output.Type, output.Value)
            )
                return i;
        }

        return 0;
    }

    // A cheap precheck: the wish's own words, if it shares them with no other wish.
    private static bool IsInItsWords(Trace trace, Request request)
    {
        if (
            trace.Blueprint.Scenario.Requests.Any(r =>
                !ReferenceEquals(r, request) && (r.Words == request.Words || r.Brief == request.Brief)
            )
        )
            return false;
        var (words, brief) = (SpokenText.Phrase(Perspective.First(request.Words)), SpokenText.Phrase(Perspective.First(request.Brief)));
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (
                trace.Conversation.Messages[i].Role == MessageRole.User
                && trace.Said(i) is { } said
                && (said.Has(words) || said.Has(brief))
            )
                return true;
        }

        return false;
    }

    private static bool IsServed(Trace trace, Request request)
    {
        var actions = trace.Blueprint.Actions;
        for (var a = request.FirstAction; a < Math.Min(request.FirstAction + request.ActionCount, actions.Length); a++)
        {
            if (
                actions[a].Writes
                && trace.Calls.Any(c =>
                    c.Wrote && c.Tool!.Name == actions[a].Tool && PlanMatch.Same(trace.Pack, c.Tool, actions[a].Arguments, c.Arguments!)
                )
            )
                return true;
        }

        return false;
    }

    private static bool IsAnswered(Trace trace, Request request)
    {
        foreach (var index in request.Outputs)
        {
            var output = trace.Blueprint.Outputs[index];
            if (
                !trace.Conversation.Messages.Any(m =>
                    m.Role == MessageRole.Assistant
                    && m.Content is { } text
                    && output.Accepted.Append(output.Value).Any(v => FieldValues.Says(text, output.Type, v))
                )
            )
                return false;
        }

        return !request.Outputs.IsEmpty;
    }

    // The agent proposed an open write and asked, and the human stops instead of answering.
    private static void Leaving(Trace trace, ref Findings findings)
    {
        if (trace.Conversation.End != DialogueEnd.HumanStop)
            return;
        var end = trace.Conversation.Messages.Length - 1;
        var question = Turns.Last(trace, end, MessageRole.Assistant);
        if (question < 0 || trace.Said(question) is not { } asked || !Reading.AsksForYes(asked) || Reading.AsksForMore(LastSentence(asked)))
            return;
        if (trace.Said(end)?.Reading is { No: true })
            return;
        foreach (var request in trace.Blueprint.Scenario.Requests)
        {
            if (
                request.Kind != RequestKind.Do
                || IsServed(trace, request)
                || !(
                    IsPutTo(trace.Blueprint.Scenario, request, asked)
                    || NamesItsObject(trace, request, question)
                    || NamesItsRow(trace, request, asked)
                )
            )
                continue;
            findings.Fail(Fault.Human, end, $"the human leaves while message {question} waits for their word: {request.Words}");
            return;
        }
    }

    // Words such as "something else" ask for further wishes only in the last sentence.
    private static SpokenText LastSentence(SpokenText asked)
    {
        var text = asked.Text.TrimEnd();
        var from = text.Length < 2 ? -1 : text.LastIndexOfAny(['.', '!', '?', '\n'], text.Length - 2);
        return new(text[(from + 1)..]);
    }

    // The question contains a fact of the wish. If the wish has no distinctive fact, the question alone counts.
    private static bool IsPutTo(Scenario scenario, Request request, SpokenText asked)
    {
        var any = false;
        foreach (var slot in request.Slots)
        {
            if (scenario.Fact(slot) is not { } fact || !IsDistinct(fact) || !IsOfTakenBranch(request, fact))
                continue;
            any = true;
            if (Says(asked, fact))
                return true;
        }

        return !any;
    }

    // "Shall I send you a certificate?" names what only this wish's tool acts on.
    private static bool NamesItsObject(Trace trace, Request request, int question)
    {
        if (request.Tool is not { } name || trace.Pack.Tools.Find(name) is not { Writes: true } tool)
            return false;
        var acts = ActWords.Of(trace.Pack);
        var mask = acts.MaskOf(tool);
        return trace.AgentSpeech.At(question) is { } text && text.Words.Any(w => acts[text[w]].Object == mask);
    }

    // "Order number: #K1. Shall I?"
    private static bool NamesItsRow(Trace trace, Request request, SpokenText asked)
    {
        var actions = trace.Blueprint.Actions;
        for (var a = request.FirstAction; a < Math.Min(request.FirstAction + request.ActionCount, actions.Length); a++)
        {
            if (!actions[a].Writes || trace.Pack.Tools.Find(actions[a].Tool) is not { } tool)
                continue;
            foreach (var meaning in PackMeaning.Of(trace.Pack).Arguments(tool))
            {
                if (
                    meaning.Names is { Parent: null }
                    && actions[a].Arguments[meaning.Parameter.Name].Text is { } key
                    && FieldValues.ContainsToken(asked.Text, key)
                )
                    return true;
            }
        }

        return false;
    }

    // Facts of a branch that the data does not take are never due.
    private static bool IsOfTakenBranch(Request request, Fact fact)
    {
        foreach (var branch in request.Alternatives)
        {
            if (branch.Taken)
                return branch.Words.Contains(fact.Said, StringComparison.OrdinalIgnoreCase);
        }

        return true;
    }

    private static bool IsEverSaid(Trace trace, Fact fact)
    {
        for (var i = 0; i < trace.Conversation.Messages.Length; i++)
        {
            if (trace.Conversation.Messages[i].Role == MessageRole.User && trace.Said(i) is { } said && Says(said, fact))
                return true;
        }

        return false;
    }

    private static bool IsDistinct(Fact fact) =>
        fact.Type is not ("count" or "flag") && (fact.Value is JsonNumber || fact.Value.Text is { Length: >= ShortestText });

    // The human may say the same value as another fact, in the words of another wish, or of two, or as a label: "my card number".
    private static bool IsToldOtherwise(Scenario scenario, Fact fact) =>
        scenario.Facts.Any(f =>
            f.Disclosure == Disclosure.Volunteer
            && (
                f.Value == fact.Value
                || f.Said.Contains(fact.Said, StringComparison.OrdinalIgnoreCase)
                || SpokenText.Phrase(f.Label).Contains(SpokenText.Phrase(fact.Said), StringComparison.Ordinal)
            )
        )
        || scenario.Requests.Count(r => Holds(r.Words, fact) || r.Alternatives.Any(a => Holds(a.Words, fact))) > 1
        || scenario.Requests.Any(r =>
            !r.Slots.Contains(fact.Slot, StringComparer.Ordinal) && (Holds(r.Words, fact) || r.Alternatives.Any(a => Holds(a.Words, fact)))
        );

    private static bool Holds(string words, Fact fact) => words.Contains(fact.Said, StringComparison.OrdinalIgnoreCase);

    private static bool Says(SpokenText said, Fact fact) =>
        said.Has(SpokenText.Phrase(fact.Said)) || FieldValues.Says(said.Text, fact.Type, fact.Value);
}
