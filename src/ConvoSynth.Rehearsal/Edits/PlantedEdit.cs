using ConvoSynth.Core;

namespace ConvoSynth.Rehearsal;

/// <summary>A finished conversation in which one mistake was made by editing it, and the task that it is now judged by.</summary>
/// <param name="Blueprint">The dialogue's own, but for what the kind of fault needs (a tool that is not offered).</param>
public sealed record PlantedEdit(Blueprint Blueprint, Conversation Conversation);
