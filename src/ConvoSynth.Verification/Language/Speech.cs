using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Verification.Language;

/// <summary>Distinguishes the messages in which a party speaks.</summary>
internal static class Speech
{
    /// <summary>Whether the agent speaks in this message, with or without tool calls beside the text.</summary>
    public static bool IsAgentText(Message message) => message.Role == MessageRole.Assistant && !string.IsNullOrWhiteSpace(message.Content);

    /// <summary>Whether the agent speaks and makes no call, which hands the turn to the human.</summary>
    public static bool IsAgentTurn(Message message) => message.ToolCalls.IsEmpty && IsAgentText(message);
}
