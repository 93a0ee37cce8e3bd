using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>A request to an endpoint, in the bytes that go out.</summary>
/// <param name="Body">A JSON document in the endpoint's protocol.</param>
/// <param name="InputTokens">An estimate, for quota.</param>
/// <param name="OutputTokens">The most that the answer may have.</param>
public sealed record EndpointRequest(CallKey Key, ReadOnlyMemory<byte> Body, int InputTokens, int OutputTokens)
{
    /// <summary>The same request in the form for another endpoint, which has another model and perhaps another protocol; null where it has none.</summary>
    public Func<EndpointSpec, EndpointRequest>? For { get; init; }
}

/// <summary>An endpoint's answer.</summary>
/// <param name="Endpoint">Who answered.</param>
/// <param name="Body">The body as it came: a whole JSON document in the endpoint's protocol.</param>
/// <param name="Seconds">From sending to the last byte.</param>
public sealed record EndpointResponse(string Endpoint, string Body, Usage Usage, double Seconds)
{
    public ImmutableArray<FailedTry> FailedTries { get; init; } = [];

    /// <summary>Whether the endpoint did not take the prompt: it is filtered or too long. Nothing was said, and nothing was spent.</summary>
    public bool IsRefusal { get; init; }
}

/// <summary>Something that takes requests in a protocol: a client, or a decorator of one (quota, retry, circuit, fallback).</summary>
public interface IEndpoint
{
    EndpointSpec Spec { get; }

    /// <exception cref="EndpointException">There is no answer.</exception>
    ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken);
}

/// <summary>What an endpoint's server says of its model without being asked anything.</summary>
public interface IModelListing
{
    /// <summary>The day on which the model is shut down; null where none is announced, the server has no list, or the list cannot be had. Costs nothing.</summary>
    ValueTask<DateOnly?> ShutdownDate(CancellationToken cancellationToken);
}

/// <summary>Permission to send: taken from the endpoint's quota before, settled with what was used after.</summary>
public interface IQuota
{
    /// <summary>Waits until the request fits.</summary>
    ValueTask<IQuotaUse> Take(int inputTokens, int outputTokens, CancellationToken cancellationToken);
}

/// <summary>What was taken for one request. Disposing of it ends its time in flight.</summary>
public interface IQuotaUse : IDisposable
{
    /// <summary>Gives back what was taken too much, or takes what was taken too little.</summary>
    void Settle(Usage usage);

    /// <summary>The endpoint did not let the request in for want of quota: it was charged nothing, and others would be turned down as well until it has refilled.</summary>
    /// <param name="retryAfter">When it may be let in, as the endpoint says; null where it does not say.</param>
    void Refused(TimeSpan? retryAfter);
}

/// <summary>The endpoint has no answer to this request.</summary>
/// <param name="endpoint">Its name.</param>
/// <param name="reason">As the ledger counts it: <c>401</c>, <c>429</c>, <c>timeout</c>, ….</param>
/// <param name="message">One sentence: what, where, what to do. Holds no key and no prompt.</param>
public sealed class EndpointException(string endpoint, string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Endpoint { get; } = endpoint;

    public string Reason { get; } = reason;

    /// <summary>Whether the same request may well be answered later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether the failure is the endpoint's and not this request's: another request would fare no better.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>
    /// Whether the endpoint as it is set up answers nobody, now or later, before a person has seen to it: its key, its model, its credit, its address or its
    /// certificate. One that is away for a while refuses nothing.
    /// </summary>
    public bool IsRefusal => IsUnavailable && !IsTransient;

    /// <summary>Whether the endpoint answers other dialogues meanwhile: then it need not be left alone before the next try.</summary>
    public bool AnswersOthers { get; private init; }

    /// <summary>Whether it answered another dialogue's request that was sent after this one's began to fail.</summary>
    public bool OthersFareBetter { get; private init; }

    /// <summary>From sending to the failure.</summary>
    public double Seconds { get; init; }

    /// <summary>The tries before the last, where several were made.</summary>
    public ImmutableArray<FailedTry> FailedTries { get; init; } = [];

    /// <summary>How long the endpoint asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    internal EndpointException Beside(FailureBesideOthers others) =>
        new(Endpoint, Reason, Message, this)
        {
            IsTransient = IsTransient,
            IsUnavailable = IsUnavailable,
            AnswersOthers = others.AnswersOthers,
            OthersFareBetter = others.OthersFareBetter,
            RetryAfter = RetryAfter,
            Seconds = Seconds,
            FailedTries = FailedTries,
        };

    /// <summary>The failure as one of this request alone: it will not pass, and others fare better.</summary>
    internal EndpointException OfRequest(string message) =>
        new(Endpoint, Reason, message, this) { Seconds = Seconds, FailedTries = FailedTries };

    /// <summary>The same failure, with the tries that were made before it.</summary>
    /// <param name="isTransient">Whether the request may well be answered later; null: as it is.</param>
    internal EndpointException After(IEnumerable<FailedTry> earlier, bool? isTransient = null) =>
        new(Endpoint, Reason, Message, this)
        {
            IsTransient = isTransient ?? IsTransient,
            IsUnavailable = IsUnavailable,
            OthersFareBetter = OthersFareBetter,
            RetryAfter = RetryAfter,
            Seconds = Seconds,
            FailedTries = [.. earlier, .. FailedTries],
        };
}
