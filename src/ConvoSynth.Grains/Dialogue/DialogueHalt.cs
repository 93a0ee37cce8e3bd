using ConvoSynth.Domains.Worlds;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;
using ConvoSynth.Runs;

namespace ConvoSynth.Grains.Dialogue;

/// <summary>
/// Why a dialogue ends here without a row. Its journal stays, so the next player, a later owner or a resume, continues from there.
/// </summary>
/// <param name="RunError">
/// Why the run needs a person's repair before it can continue: the journal cannot be written, an endpoint refuses every request, or
/// this silo cannot work on the run. Null if a later owner has fenced the dialogue and plays it.
/// </param>
public sealed record DialogueHalt(string? RunError)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool LostPlace => RunError is null;

    /// <returns>
    /// Null for a failure of this dialogue alone or a transient one: an endpoint that is away for a while does not refuse.
    /// </returns>
    public static DialogueHalt? Of(Exception e) =>
        e switch
        {
            DialogueHaltException halted => halted.DialogueHalt,
            JournalException { Fault: JournalError.LostPlace } => new((string?)null),
            JournalException { Fault: JournalError.Storage } => new(e.Message),
            EndpointException { IsRefusal: true } => new(e.Message),
            // This silo has other packs or prompts than the run: its rows would differ.
            RunException => new(e.Message),
            // Its rows would be about another database than the run's.
            WorldException => new(e.Message),
            _ => null,
        };
}

/// <summary>Propagates a halt within one grain. It never crosses a grain call.</summary>
internal sealed class DialogueHaltException(DialogueHalt halt) : Exception(halt.RunError)
{
    public DialogueHalt DialogueHalt { get; } = halt;
}
