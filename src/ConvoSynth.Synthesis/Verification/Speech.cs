using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>Which messages are words between the two parties.</summary>
internal static class Speech
{
    /// <summary>Whether the agent speaks here, whether or not it calls a tool beside it.</summary>
    public static bool IsAgentText(Message message) => message.Role == MessageRole.Assistant && !string.IsNullOrWhiteSpace(message.Content);

    /// <summary>Whether the agent hands the turn to the human here.</summary>
    public static bool IsAgentTurn(Message message) => message.ToolCalls.IsEmpty && IsAgentText(message);
}
