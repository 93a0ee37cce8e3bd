using ConvoSynth.Core;
using ConvoSynth.Models;

namespace ConvoSynth.Dialogues.Roles;

/// <summary>How the dialogues of a run begin: a function of the spec, so that the run and a test endpoint that plays for it agree.</summary>
public static class Openings
{
    /// <summary>The dialogue's own seed; another attempt is another dialogue.</summary>
    public static Seed SeedOf(RunSpec spec, long index, int attempt) => new Seed((ulong)spec.Seed).For("dialogue").For(index).For(attempt);

    public static DialogueOpening Of(RunSpec spec, long index, int attempt, ModelRole role, Blueprint blueprint) =>
        new(new(spec.RunId, index, attempt), role, SeedOf(spec, index, attempt), blueprint);
}
