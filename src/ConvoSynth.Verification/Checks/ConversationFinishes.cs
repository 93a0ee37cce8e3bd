using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>conversation.context</c>, <c>conversation.content-filter</c>, <c>conversation.refusal</c>, <c>format.extra-calls</c> and
/// <c>human.calls</c>: responses that the role's model did not write itself, or that exceed what the role may do. Only rows with such a
/// response have these verdicts. A truncated response is <c>conversation.length</c>, and an empty one <c>conversation.empty-turns</c>.
/// </summary>
/// <remarks>
/// A refusal here is a response that the provider marks as one: the model declined to play its part. No outcome excuses it. It differs
/// from an agent that refuses, in words, what the policy forbids. A prompt that the endpoint refuses is the endpoint's fault and no
/// negative of either role. A call beyond the one allowed is executed, as by an environment that sees only calls; that it was made is the
/// agent's fault.
/// </remarks>
internal sealed class ConversationFinishes : ICheck
{
    private static readonly CheckName Filtered = new("conversation", "content-filter");
    private static readonly CheckName Refused = new("conversation", "refusal");
    private static readonly CheckName Context = new("conversation", "context");
    private static readonly CheckName ExtraCalls = new("format", "extra-calls");
    private static readonly CheckName HumanCalls = new("human", "calls");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var filtered = new Findings(Filtered, verdicts);
        var refused = new Findings(Refused, verdicts);
        var context = new Findings(Context, verdicts);
        var extra = new Findings(ExtraCalls, verdicts);
        var human = new Findings(HumanCalls, verdicts);
        var messages = trace.Conversation.Messages;
        var meta = trace.Conversation.Meta;
        for (var i = 0; i < Math.Min(messages.Length, meta.Length); i++)
        {
            var isHuman = messages[i].Role == MessageRole.User;
            var fault = isHuman ? Fault.Human : Fault.Agent;
            switch (meta[i].Finish)
            {
                case FinishReason.ContentFilter:
                    filtered.Fail(fault, i, "the provider's content filter held the response back, or the request");
                    break;
                case FinishReason.ContextLength:
                    context.Fail(Fault.Endpoint, i, UntakenPrompt.Reason(FinishReason.ContextLength)!);
                    break;
                case FinishReason.PromptFilter:
                    filtered.Fail(Fault.Endpoint, i, UntakenPrompt.Reason(FinishReason.PromptFilter)!);
                    break;
                case FinishReason.Refusal:
                    refused.Fail(fault, i, "the provider's model declined to answer");
                    break;
                case FinishReason.ToolCalls or FinishReason.ExtraCalls when isHuman:
                    human.Fail(fault, i, "the human's model called a tool; it is offered none");
                    break;
                case FinishReason.ExtraCalls:
                    extra.Fail(fault, i, $"{messages[i].ToolCalls.Length} calls in one message; the endpoint is set to allow one");
                    break;
            }
        }
    }
}
