using ConvoSynth.Core;

namespace ConvoSynth.Dialogues.Sessions;

/// <summary>A prompt that the endpoint refuses as a whole: neither role is at fault, and the same prompt with more in it is refused again.</summary>
public static class UntakenPrompt
{
    /// <summary>Why the endpoint did not take a prompt; null where it took it.</summary>
    public static string? Reason(FinishReason finish) =>
        finish switch
        {
            FinishReason.ContextLength => "the endpoint does not take the prompt: it is longer than the model's context",
            FinishReason.PromptFilter => "the endpoint does not take the prompt: its filter refuses the words",
            _ => null,
        };
}
