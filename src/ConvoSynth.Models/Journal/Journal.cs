using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>Names one model call of a run.</summary>
/// <param name="Role"><c>human</c>, <c>agent</c>, <c>writer</c>, or <c>judge:</c> and the seat.</param>
/// <param name="Step">The role's turn, from 0.</param>
/// <param name="Part">Which call of the turn, where it makes several: <c>candidate-1</c>, <c>critique</c>, <c>repair-1</c>; else empty.</param>
public sealed record CallKey(DialogueKey Dialogue, string Role, int Step, string Part = "")
{
    public override string ToString() => Part.Length == 0 ? $"{Dialogue}/{Role}/{Step}" : $"{Dialogue}/{Role}/{Step}/{Part}";
}

/// <summary>A model call with its answer, as it stands in the journal.</summary>
public sealed record JournaledCall
{
    public required CallKey Key { get; init; }

    /// <summary>SHA-256 of the endpoint's name and the body as its protocol writes it, in hexadecimal: a changed prompt, pack or setting has another one.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The response body as it came, a JSON document.</summary>
    public required string Body { get; init; }

    public required ModelCall Call { get; init; }
}

/// <summary>Every model response of a run, durable before it is used.</summary>
public interface IJournal
{
    /// <summary>The answer that the call had, or null. One with another request hash is no answer to this request.</summary>
    ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken);

    /// <summary>Returns when the call is durable. Where the key already has an answer to the same request, that one stands and comes back.</summary>
    ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken);
}
