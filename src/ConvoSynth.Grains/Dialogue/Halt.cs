using ConvoSynth.Models;

namespace ConvoSynth.Grains;

/// <summary>
/// Why a dialogue ends here without a row. What is in its journal stays: whoever plays it next, a later owner or a resume, goes on from there.
/// </summary>
/// <param name="RunError">
/// Why the run cannot go on before a person has mended it: the journal cannot be kept, or an endpoint refuses everything that it is asked. Null where the
/// dialogue has lost its place to a later owner, who plays it.
/// </param>
public sealed record Halt(string? RunError)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool LostPlace => RunError is null;

    /// <summary>Null where the failure is the dialogue's own, or may pass: an endpoint that is away for a while refuses nothing.</summary>
    public static Halt? Of(Exception e) =>
        e switch
        {
            HaltException halted => halted.Halt,
            JournalException { Fault: JournalFault.LostPlace } => new((string?)null),
            JournalException { Fault: JournalFault.Storage } => new(e.Message),
            EndpointException { IsRefusal: true } => new(e.Message),
            _ => null,
        };
}

/// <summary>Carries a halt through a dialogue. It never crosses a call.</summary>
internal sealed class HaltException(Halt halt) : Exception(halt.RunError)
{
    public Halt Halt { get; } = halt;
}
