using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>human.words</c>: the human keeps to the scenario. They give known facts when asked, and give when-asked facts only then. They ask
/// for nothing else, drop no wish, and do not leave while the agent waits for their yes. The check fails only on the value of a fact, or
/// the verb and object of an act.
/// </summary>
internal sealed class HumanWords : ICheck
{
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
        ToldAtOnce.Find(trace, raised, ref findings);
        Withholding(trace, ref findings);
        _acts.Find(trace, ref findings);
        DroppedWishes.Find(trace, raised, ref findings);
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
                if (RaisedWishes.Says(said, fact))
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
                || DroppedWishes.IsServed(trace, request)
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
            if (scenario.Fact(slot) is not { } fact || !ToldAtOnce.IsDistinct(fact) || !IsOfTakenBranch(request, fact))
                continue;
            any = true;
            if (RaisedWishes.Says(asked, fact))
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
            if (trace.Conversation.Messages[i].Role == MessageRole.User && trace.Said(i) is { } said && RaisedWishes.Says(said, fact))
                return true;
        }

        return false;
    }
}
