using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>Questions that the human asks together with the yes, and that the agent leaves unanswered before the write.</summary>
internal static class OpenQuestion
{
    /// <summary>Minimum number of words; a shorter question is a tag: "right?", "okay?".</summary>
    private const int MinWords = 4;

    /// <summary>An answer contains at least 2 stems of the question, and at least two thirds of them.</summary>
    private const int MinMet = 2;
    private static readonly CueSet Decides = new([
        "first",
        "before",
        "cost*",
        "fee",
        "fees",
        "charge*",
        "price*",
        "total",
        "amount*",
        "much",
        "refund*",
        "balance",
    ]);

    /// <summary>
    /// The question in the human's message that is still open when the agent writes; null if there is none. "Can you go ahead?" asks for
    /// the write itself. Questions with an expected answer are weighed as outputs. Another wish or question may wait for the agent's next
    /// message.
    /// </summary>
    public static string? In(Trace trace, int message)
    {
        if (trace.Said(message) is not { } said || !said.Text.Contains('?', StringComparison.Ordinal) || !trace.Blueprint.Outputs.IsEmpty)
            return null;
        var from = 0;
        for (var at = said.Text.IndexOf('?', StringComparison.Ordinal); at >= 0; at = said.Text.IndexOf('?', at + 1))
        {
            var start = said.Text.LastIndexOfAny(['.', '!', '?', '\n', '—'], Math.Max(from, at - 1), Math.Max(from, at - 1) - from + 1) + 1;
            var question = said.Text[Math.Max(from, start)..at].Trim();
            from = at + 1;
            // "Yes, but …?": the yes is no part of the question.
            if (question.StartsWith("yes", StringComparison.OrdinalIgnoreCase) && question.IndexOfAny([',', ' ']) is > 0 and var end)
                question = question[(end + 1)..].Trim();
            if (
                question.Count(c => c == ' ') + 1 >= MinWords
                && !new SpokenText(question).Reading.Yes
                && !IsTakenUp(trace, question, message)
            )
                return question;
        }

        return null;
    }

    // A question that must precede the write, or concerns money, cannot be answered after it.
    private static bool IsTakenUp(Trace trace, string question, int message)
    {
        var words = SpokenText.Padded(question);
        var stems = ClauseReasons.Stems(words);
        if (Decides.IsIn(words))
            return false;
        for (var i = message + 1; i < trace.Conversation.Messages.Length && trace.Conversation.Messages[i].Role != MessageRole.User; i++)
        {
            if (trace.Said(i) is { } said && stems.Count(said.Has) is >= MinMet and var met && met * 3 >= stems.Length * 2)
                return true;
        }

        return false;
    }
}
