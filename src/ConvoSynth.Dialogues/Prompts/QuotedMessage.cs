using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Dialogues.Prompts;

/// <summary>A message as a judge gets to see it.</summary>
/// <param name="Index">Its index in the conversation.</param>
public sealed record QuotedMessage(int Index, MessageRole Role, string Text);
