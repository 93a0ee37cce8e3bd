using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Language;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>conversation.loops</c>: the agent repeats no call three times in a row, and no text three times in a row or four in all. An empty
/// text counts. If the human repeats a demand each time, the loop is the human's fault.
/// </summary>
internal sealed class ConversationLoops : ICheck
{
    private const int InARow = 3;
    private const int InAll = 4;
    private static readonly CheckName Name = new("conversation", "loops");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        Calls(trace, ref findings);
        Texts(trace, ref findings);
        findings.Close();
    }

    /// <summary>
    /// Whether the agent's message may close a loop: its text was said before, or a call of it repeats the one before. Early stop asks
    /// after each turn, so that it counts the whole dialogue only if there is something to count.
    /// </summary>
    public static bool MayClose(Trace trace, int message)
    {
        for (var i = trace.Calls.Count - 1; i > 0 && trace.Calls[i].Message >= message; i--)
        {
            if (IsRepeated(trace.Calls[i - 1], trace.Calls[i]))
                return true;
        }

        var messages = trace.Conversation.Messages;
        if (TextOf(messages[message]) is not { } text)
            return false;
        for (var i = 0; i < message; i++)
        {
            // Most texts differ in length, which is quicker to see.
            if (
                messages[i].Role == MessageRole.Assistant
                && (messages[i].Content?.Length ?? 0) == text.Length
                && TextOf(messages[i]) == text
            )
                return true;
        }

        return false;
    }

    private static void Calls(Trace trace, ref Findings findings)
    {
        var run = 1;
        for (var i = 1; i < trace.Calls.Count; i++)
        {
            var call = trace.Calls[i];
            run = IsRepeated(trace.Calls[i - 1], call) ? run + 1 : 1;
            if (run == InARow)
                findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name}({call.Call.Arguments}) {InARow} times in a row");
        }
    }

    private static bool IsRepeated(TraceCall a, TraceCall b) =>
        a.Call.Name == b.Call.Name && (a.Call.Arguments == b.Call.Arguments || (a.Arguments is not null && a.Arguments == b.Arguments));

    private static void Texts(Trace trace, ref Findings findings)
    {
        var messages = trace.Conversation.Messages;
        string? last = null;
        var run = 1;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Length; i++)
        {
            if (TextOf(messages[i]) is not { } text)
                continue;
            var all = counts[text] = counts.GetValueOrDefault(text) + 1;
            // Text beside a call counts, but only a message of text alone ends a loop.
            if (!messages[i].ToolCalls.IsEmpty)
                continue;
            run = text == last ? run + 1 : 1;
            last = text;
            if (run == InARow || (all == InAll && run < InARow))
                findings.Fail(
                    IsDemanded(trace, text, i) ? Fault.Human : Fault.Agent,
                    i,
                    $"the agent says {(text.Length == 0 ? "nothing" : "the same")} {Math.Max(run, all)} times"
                );
        }
    }

    // The agent refuses each time, and each demand repeats at least half of the stems of the one before it.
    private static bool IsDemanded(Trace trace, string text, int last)
    {
        if (trace.AgentSpeech.At(last) is not { } refusal || !OutcomeRefusalWords.Refuses(refusal))
            return false;
        SpokenText? before = null;
        for (var i = 0; i <= last; i++)
        {
            if (
                TextOf(trace.Conversation.Messages[i]) != text
                || Turns.Last(trace, i, MessageRole.User) is not (>= 0 and var at)
                || trace.Said(at) is not { } demand
            )
                continue;
            var stems = ClauseReasons.Stems(demand.Words);
            if (before is not null && (stems.Length == 0 || stems.Count(before.Has) * 2 < stems.Length))
                return false;
            before = demand;
        }

        return before is not null;
    }

    // The agent's text. An empty turn counts as a text of its own, since a model that runs empty once often stays empty.
    private static string? TextOf(Message message) =>
        message.Role != MessageRole.Assistant ? null
        : Speech.IsAgentText(message) ? message.Content
        : message.ToolCalls.IsEmpty ? ""
        : null;
}
