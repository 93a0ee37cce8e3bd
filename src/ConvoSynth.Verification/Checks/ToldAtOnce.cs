using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>Finds humans who tell all that they should say only when asked.</summary>
internal static class ToldAtOnce
{
    /// <summary>
    /// Minimum number of when-asked facts that, said before the agent asks for any, count as telling everything at once.
    /// </summary>
    private const int MinAtOnce = 2;

    private const int ShortestText = 4;

    // All when-asked facts of the human's identity and of the raised wishes, said before the agent asked for any of them.
    public static void Find(Trace trace, RaisedWishes raised, ref Findings findings)
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
            var isTold = RaisedWishes.Says(said, fact);
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
            if (RaisedWishes.Says(said, fact))
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

    public static bool IsDistinct(Fact fact) =>
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
}
