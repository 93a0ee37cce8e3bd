using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// All sources of a contact or a term: the system prompt, the policy, the tool definitions, and earlier messages of the human and the
/// tools.
/// </summary>
internal static class KnownTexts
{
    private static readonly ConditionalWeakTable<Json, string> Schemas = [];

    /// <param name="before">Index of the agent's message.</param>
    public static IEnumerable<string> Before(Trace trace, int before)
    {
        foreach (var text in FromTheStart(trace))
            yield return text;
        for (var i = 0; i < before; i++)
        {
            if (trace.Conversation.Messages[i] is { Role: MessageRole.User or MessageRole.Tool, Content: { Length: > 0 } text })
                yield return text;
        }
    }

    /// <summary>The sources that exist before the first message.</summary>
    public static IEnumerable<string> FromTheStart(Trace trace)
    {
        yield return trace.Conversation.System;
        yield return trace.Pack.Policy.Text;
        foreach (var tool in trace.Conversation.Tools)
        {
            yield return tool.Description;
            // One text per schema, so that caches keyed by the text work.
            yield return Schemas.GetValue(tool.Parameters, static p => p.ToString());
        }
    }
}
