using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>Questions that the human asks together with the yes, and that the agent acts upon without an answer.</summary>
internal static class OpenQuestion
{
    /// <summary>A shorter question is a tag: "right?", "okay?".</summary>
    private const int FewestWords = 4;

    /// <summary>So many words of the question, and two thirds of them, stand in what takes it up.</summary>
    private const int FewestMet = 2;
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
    /// The question that stands open in the human's message when the agent goes on to write; null where there is none. "Can you go ahead?" asks for the write itself, what
    /// the task expects an answer to is weighed as an output, and another wish or question may wait for the agent's next words.
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
                question.Count(c => c == ' ') + 1 >= FewestWords
                && !new SpokenText(question).Reading.Yes
                && !IsTakenUp(trace, question, message)
            )
                return question;
        }

        return null;
    }

    // What is wanted before the write, or is about money, cannot be taken up after it.
    private static bool IsTakenUp(Trace trace, string question, int message)
    {
        var words = SpokenText.Padded(question);
        var stems = ClauseReasons.Stems(words);
        if (Decides.IsIn(words))
            return false;
        for (var i = message + 1; i < trace.Conversation.Messages.Length && trace.Conversation.Messages[i].Role != MessageRole.User; i++)
        {
            if (trace.Said(i) is { } said && stems.Count(said.Has) is >= FewestMet and var met && met * 3 >= stems.Length * 2)
                return true;
        }

        return false;
    }
}
