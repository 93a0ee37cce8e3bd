using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models;

namespace ConvoSynth.Dialogues.Roles;

/// <summary>
/// The openings of a run's dialogues. They depend on the spec alone, so a run and a test endpoint that plays for it agree.
/// </summary>
public static class Openings
{
    /// <summary>The seed of one attempt: each attempt is a dialogue of its own.</summary>
    public static Seed SeedOf(RunSpec spec, long index, int attempt) => new Seed((ulong)spec.Seed).For("dialogue").For(index).For(attempt);

    public static DialogueOpening Of(RunSpec spec, long index, int attempt, ModelRole role, Blueprint blueprint) =>
        new(new(spec.RunId, index, attempt), role, SeedOf(spec, index, attempt), blueprint);
}
