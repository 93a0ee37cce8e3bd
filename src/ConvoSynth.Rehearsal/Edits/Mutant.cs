using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>A conversation that differs from a clean one by one random edit.</summary>
/// <param name="Kind">The edit: one of <see cref="RandomEdits.Kinds"/>.</param>
/// <param name="What">The change, with the message and both texts.</param>
public sealed record Mutant(string Kind, Conversation Conversation, string What);
