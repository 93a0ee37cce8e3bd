using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>format.roles</c>: the human begins, the parties alternate, and exactly one observation answers each call, in order. The party with
/// the misplaced message is at fault.
/// </summary>
internal sealed class FormatRoles : ICheck
{
    private static readonly CheckName Name = new("format", "roles");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var messages = trace.Conversation.Messages;
        if (messages.IsEmpty)
            findings.Fail(Fault.Environment, null, "the conversation has no message");
        for (var i = 0; i < messages.Length; )
        {
            var message = messages[i];
            if (message.Role != Due(messages, i))
                findings.Fail(FaultOf(message.Role), i, $"{Word(message.Role)} speaks where {Word(Due(messages, i))} is due");
            i = message.ToolCalls.IsEmpty ? i + 1 : Answered(messages, i, ref findings);
        }

        findings.Close();
    }

    private static MessageRole Due(ImmutableArray<Message> messages, int at) =>
        at == 0 || messages[at - 1] is { Role: MessageRole.Assistant, ToolCalls.IsEmpty: true } ? MessageRole.User : MessageRole.Assistant;

    private static int Answered(ImmutableArray<Message> messages, int at, ref Findings findings)
    {
        var calls = messages[at].ToolCalls;
        for (var c = 0; c < calls.Length; c++)
        {
            for (var other = 0; other < c; other++)
            {
                if (calls[other].Id == calls[c].Id)
                    findings.Fail(Fault.Agent, at, $"two calls of one message have the id {calls[c].Id}");
            }

            var observation = at + 1 + c;
            if (observation >= messages.Length || messages[observation].Role != MessageRole.Tool)
            {
                findings.Fail(Fault.Environment, at, $"no observation answers the call {calls[c].Id} of {calls[c].Name}");
                return observation;
            }

            var answer = messages[observation];
            if (answer.ToolCallId != calls[c].Id)
                findings.Fail(Fault.Environment, observation, $"the observation answers {answer.ToolCallId}; the call is {calls[c].Id}");
            if (answer.Name is { } name && name != calls[c].Name)
                findings.Fail(Fault.Environment, observation, $"the observation is of {name}; the call is of {calls[c].Name}");
        }

        return at + 1 + calls.Length;
    }

    private static Fault FaultOf(MessageRole role) =>
        role switch
        {
            MessageRole.User => Fault.Human,
            MessageRole.Assistant => Fault.Agent,
            _ => Fault.Environment,
        };

    private static string Word(MessageRole role) =>
        role switch
        {
            MessageRole.User => "the human",
            MessageRole.Assistant => "the agent",
            MessageRole.Tool => "a tool",
            _ => "the system",
        };
}
