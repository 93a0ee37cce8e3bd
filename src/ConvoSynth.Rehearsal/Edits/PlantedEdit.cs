using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Rehearsal.Edits;

/// <summary>A finished conversation with one fault planted by an edit, and the task that the checks judge it by.</summary>
/// <param name="Blueprint">The dialogue's own, except for what the kind of fault needs (a tool that is not offered).</param>
public sealed record PlantedEdit(Blueprint Blueprint, Conversation Conversation)
{
    /// <summary>Index of the message with the fault, for kinds that a finding must point at; else null.</summary>
    public int? At { get; init; }
}
