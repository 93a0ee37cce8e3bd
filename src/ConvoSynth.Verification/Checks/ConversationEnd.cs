using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>conversation.end</c>: the dialogue ends because the human is done or the agent handed over, and its last message shows which.
/// </summary>
internal sealed class ConversationEnd : ICheck
{
    /// <summary>A human who sends at least this many messages after the task's last call has failed to stop.</summary>
    private const int Lingering = 3;

    private static readonly CheckName Name = new("conversation", "end");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        var last = messages.Length - 1;
        switch (trace.Conversation.End)
        {
            case DialogueEnd.Limit:
                findings.Fail(Limited(trace), last, "the dialogue was ended at its limit of messages or calls");
                break;
            case DialogueEnd.RecordEnd:
                findings.Fail(Limited(trace), last, "the recorded dialogue breaks off before its end");
                break;
            case DialogueEnd.HumanStop
                when last < 0
                    || messages[last].Role != MessageRole.User
                    || messages[last].Content?.Contains(StopMarks.Stop, StringComparison.Ordinal) != true:
                findings.Fail(
                    Fault.Environment,
                    last,
                    $"the dialogue is said to have ended with {StopMarks.Stop}, which its last message does not hold"
                );
                break;
            case DialogueEnd.Transfer when !trace.Calls.Any(c => c.Succeeded && c.Tool is { Kind: ToolKind.Transfer }):
                findings.Fail(Fault.Environment, last, "the dialogue is said to have ended with a transfer, which no call made");
                break;
        }

        findings.Close();
    }

    // The human is at fault if the task was done and they went on.
    private static Fault Limited(Trace trace) =>
        trace.Reached is { Writes.Length: > 0 }
        && trace.Conversation.Messages.Skip(trace.Calls[^1].Message).Count(m => m.Role == MessageRole.User) >= Lingering
            ? Fault.Human
            : Fault.Agent;
}
