using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Journal;

/// <summary>Identifies one model call of a run.</summary>
/// <param name="Role"><c>human</c>, <c>agent</c>, <c>writer</c>, or <c>judge:</c> and the seat.</param>
/// <param name="Step">The role's turn, from 0.</param>
/// <param name="Part">Names the call if the turn makes several: <c>candidate-1</c>, <c>critique</c>, <c>repair-1</c>; else empty.</param>
public sealed record CallKey(DialogueKey Dialogue, string Role, int Step, string Part = "")
{
    public override string ToString() => Part.Length == 0 ? $"{Dialogue}/{Role}/{Step}" : $"{Dialogue}/{Role}/{Step}/{Part}";
}

/// <summary>A model call with its answer, as the journal holds it.</summary>
public sealed record JournaledCall
{
    public required CallKey Key { get; init; }

    /// <summary>
    /// SHA-256 of the endpoint's name and the body in its protocol, in hexadecimal. A changed prompt, pack or setting changes it.
    /// </summary>
    public required string RequestHash { get; init; }

    /// <summary>The response body as received, a JSON document.</summary>
    public required string Body { get; init; }

    public required ModelCall Call { get; init; }
}

/// <summary>Every model response of a run, durable before use.</summary>
public interface IJournal
{
    /// <summary>The stored answer, or null. An answer with another request hash does not match.</summary>
    ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken);

    /// <summary>
    /// Returns when the call is durable. First writer wins: returns the existing answer to the same request, if there is one.
    /// </summary>
    ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken);
}
