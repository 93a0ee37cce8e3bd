using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Dialogues.Sessions;

/// <summary>
/// Decides, turn by turn, whether a dialogue can still be accepted. The session ends a dialogue at the first reason. The implementation
/// uses the checks, which the session does not know.
/// </summary>
public interface IEarlyStop
{
    /// <summary>Why the human's new message loses the dialogue; null if it does not.</summary>
    /// <param name="finish">The finish reason of the response that holds the message.</param>
    string? AfterHuman(Message message, FinishReason finish);

    /// <summary>Why a dialogue that begins as this trace is rejected in every continuation; null if it may still be accepted.</summary>
    /// <param name="from">
    /// Index of the agent's last message. Earlier turns were asked about already, so only findings that concern this message count.
    /// </param>
    string? AfterAgent(Trace trace, int from);
}
