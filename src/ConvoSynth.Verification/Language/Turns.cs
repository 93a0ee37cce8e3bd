using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Language;

/// <summary>Where a party hands over the turn.</summary>
internal static class Turns
{
    /// <summary>The last message before an index in which the role hands over the turn; -1 where there is none.</summary>
    public static int Last(Trace trace, int before, MessageRole role)
    {
        var messages = trace.Conversation.Messages;
        for (var i = before - 1; i >= 0; i--)
        {
            if (messages[i].Role == role && (role == MessageRole.User || Speech.IsAgentTurn(messages[i])))
                return i;
        }

        return -1;
    }
}
