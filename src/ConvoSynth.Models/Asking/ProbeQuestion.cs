using ConvoSynth.Core;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Asking;

/// <summary>What a probe asks of a model, and the tool that it must call.</summary>
internal static class ProbeQuestion
{
    public const string Word = "heron";

    public const string Question =
        "Two herons stand in a pond, one of them on one leg. How many legs stand in the water? Work it out, "
        + $"then end with the word {Word}.";

    public const string System = "You are asked this once, to see that you can be reached. Do exactly what the user says.";

    public static readonly ToolDefinition Tool = new(
        "look_up_word",
        "Gives the word that is kept under a number.",
        Json.Map(
            ("type", "object"),
            ("properties", Json.Map(("number", Json.Map(("type", "integer"), ("description", "The number."))))),
            ("required", Json.List("number")),
            ("additionalProperties", false)
        )
    );
}
