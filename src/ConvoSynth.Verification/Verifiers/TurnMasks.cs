using System.Collections.Immutable;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;
using ConvoSynth.Verification.Needs;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>Decides per message whether a trainer learns from it, and records the origins of each call's arguments.</summary>
public static class TurnMasks
{
    /// <summary>
    /// The meta of the trace's conversation. <see cref="MessageMeta.Train"/> becomes false for all messages but the agent's, and for a
    /// failed call with a recovery. A recovery is a later success of the same tool, or a further turn of the agent. A failed call that
    /// gold makes too is no mistake. <see cref="MessageMeta.ArgumentOrigins"/> and <see cref="MessageMeta.Needed"/> are filled in.
    /// </summary>
    public static ImmutableArray<MessageMeta> Of(Trace trace)
    {
        var messages = trace.Conversation.Messages;
        var given = trace.Conversation.Meta;
        var meta = ImmutableArray.CreateBuilder<MessageMeta>(messages.Length);
        var call = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            var own = i < given.Length ? given[i] : new();
            var first = call;
            call += messages[i].ToolCalls.Length;
            if (messages[i].Role != MessageRole.Assistant)
            {
                meta.Add(own.Train ? own with { Train = false } : own);
                continue;
            }

            var recovery = Recovery(trace, first, call);
            meta.Add(
                own with
                {
                    Train = recovery is null && own.Reason is null,
                    Reason = recovery ?? own.Reason,
                    ArgumentOrigins = first == call ? own.ArgumentOrigins : [.. trace.ArgumentOrigins.Skip(first).Take(call - first)],
                    Needed = first == call ? own.Needed : [.. Needed(trace).Skip(first).Take(call - first)],
                }
            );
        }

        return meta.MoveToImmutable();
    }

    private static IReadOnlyList<bool?> Needed(Trace trace) => NeededReads.Of(trace, GroundingChecks.Of(trace.Pack)).Calls;

    private static string? Recovery(Trace trace, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var call = trace.Calls[i];
            if (call.Succeeded || call.IsInjected || PlanMatch.IsGold(trace, call))
                continue;
            for (var later = i + 1; later < trace.Calls.Count; later++)
            {
                if (trace.Calls[later].Succeeded && trace.Calls[later].Call.Name == call.Call.Name)
                    return $"the call failed and was made good in message {trace.Calls[later].Message}";
            }

            if (NextTurn(trace, call.Message) is { } next)
                return $"the call failed, and the agent went on in message {next}";
        }

        return null;
    }

    private static int? NextTurn(Trace trace, int message)
    {
        var messages = trace.Conversation.Messages;
        for (var i = message + 1; i < messages.Length; i++)
        {
            if (messages[i].Role == MessageRole.Assistant)
                return i;
        }

        return null;
    }
}
