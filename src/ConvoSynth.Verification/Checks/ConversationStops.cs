using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>conversation.stopped</c> and <c>human.out-of-scope</c>: dialogues that the early stop ended, and dialogues that the human gave up.
/// Every blueprint is executed before it is played, and its scenario holds everything that it needs. So a human who gives up is at fault;
/// earlier mistakes of the agent have checks of their own. For a stopped dialogue, the party of the last turn is at fault, or the
/// endpoint if it spoiled that turn. Dialogues with other ends get no such verdict.
/// </summary>
public sealed class ConversationStops : ICheck
{
    /// <summary>The prefix of the reason in the evidence of a stopped row.</summary>
    public const string Before = "stopped: ";

    private static readonly CheckName Stopped = new("conversation", "stopped");
    private static readonly CheckName OutOfScope = new("human", "out-of-scope");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var last = trace.Conversation.Messages.Length - 1;

        // A prompt that the endpoint refused has a verdict of its own.
        if (
            last >= 0
            && last < trace.Conversation.Meta.Length
            && trace.Conversation.Meta[last].Finish is { } finish
            && UntakenPrompt.Reason(finish) is not null
        )
            return;
        if (trace.Conversation.End == DialogueEnd.StoppedEarly)
            verdicts.Add(Stopped.Of(Outcome.Fail, FaultOf(trace.Conversation, last), last, $"{Before}{trace.Conversation.StopReason}"));
        else if (trace.Conversation.End == DialogueEnd.OutOfScope)
            verdicts.Add(
                OutOfScope.Of(
                    Outcome.Fail,
                    Fault.Human,
                    last,
                    $"the human says {StopMarks.OutOfScope}, although the scenario has all that the task needs"
                )
            );
    }

    private static Fault FaultOf(Conversation conversation, int last) =>
        conversation.StopReason?.StartsWith(FormatMarkup.FullName, StringComparison.Ordinal) == true ? Fault.Endpoint
        : conversation.Messages[last].Role == MessageRole.User ? Fault.Human
        : Fault.Agent;
}
