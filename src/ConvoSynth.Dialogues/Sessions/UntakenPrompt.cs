using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Dialogues.Sessions;

/// <summary>
/// A prompt that the endpoint refuses as a whole. Neither role is at fault, and a longer prompt would be refused too.
/// </summary>
public static class UntakenPrompt
{
    /// <summary>Why the endpoint refused a prompt; null if it accepted it.</summary>
    public static string? Reason(FinishReason finish) =>
        finish switch
        {
            FinishReason.ContextLength => "the endpoint does not take the prompt: it is longer than the model's context",
            FinishReason.PromptFilter => "the endpoint does not take the prompt: its filter refuses the words",
            _ => null,
        };
}
