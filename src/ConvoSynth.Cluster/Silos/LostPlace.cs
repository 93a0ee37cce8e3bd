using Orleans.Runtime;

namespace ConvoSynth.Cluster.Silos;

/// <summary>
/// Ends a silo that the others have declared dead, as after a sleep, with one sentence. Orleans' own handler ends the process with a stack
/// trace. What this silo still tries to write counts for nothing, since its epochs are over.
/// </summary>
internal sealed class LostPlace(SiloExit exit) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) =>
        exit.Leave(
            "was declared dead by the other silos, which have taken its work over: it had not answered them; start it again",
            isError: true,
            hasPlace: false
        );
}
