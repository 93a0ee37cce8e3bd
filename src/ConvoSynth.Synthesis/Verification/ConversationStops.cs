using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>conversation.stopped</c> and <c>human.out-of-scope</c>: a dialogue that was ended since nothing could save it, and one that the human gave up.
/// Every blueprint was carried out before it was played, and its scenario holds what is needed for it, so a human who cannot go on is at fault; what the
/// agent did wrong before, its own checks find. A stopped dialogue is the fault of whose turn it ended with, or of the endpoint that spoiled that turn. Dialogues
/// with other ends have no such verdict.
/// </summary>
public sealed class ConversationStops : ICheck
{
    /// <summary>What stands before the reason in a stopped row's evidence.</summary>
    public const string Before = "stopped: ";

    private static readonly CheckName Stopped = new("conversation", "stopped");
    private static readonly CheckName OutOfScope = new("human", "out-of-scope");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var last = trace.Conversation.Messages.Length - 1;

        // What the endpoint did not take has a verdict of its own.
        if (
            last >= 0
            && last < trace.Conversation.Meta.Length
            && trace.Conversation.Meta[last].Finish is { } finish
            && ConversationFinishes.OfPrompt(finish) is not null
        )
            return;
        if (trace.Conversation.End == DialogueEnd.Doomed)
            verdicts.Add(Stopped.Of(Outcome.Fail, FaultOf(trace.Conversation, last), last, $"{Before}{trace.Conversation.StopReason}"));
        else if (trace.Conversation.End == DialogueEnd.OutOfScope)
            verdicts.Add(
                OutOfScope.Of(
                    Outcome.Fail,
                    Fault.Human,
                    last,
                    $"the human says {DialogueSession.OutOfScope}, although the scenario has all that the task needs"
                )
            );
    }

    private static Fault FaultOf(Conversation conversation, int last) =>
        conversation.StopReason?.StartsWith(FormatMarkup.FullName, StringComparison.Ordinal) == true ? Fault.Endpoint
        : conversation.Messages[last].Role == MessageRole.User ? Fault.Human
        : Fault.Agent;
}
