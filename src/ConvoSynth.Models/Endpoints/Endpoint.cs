using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Journal;

namespace ConvoSynth.Models.Endpoints;

/// <summary>A request to an endpoint, as the bytes to send.</summary>
/// <param name="Body">A JSON document in the endpoint's protocol.</param>
/// <param name="InputTokens">An estimate, for quota.</param>
/// <param name="OutputTokens">The answer's maximum length.</param>
public sealed record EndpointRequest(CallKey Key, ReadOnlyMemory<byte> Body, int InputTokens, int OutputTokens)
{
    /// <summary>
    /// Rebuilds the request for another endpoint, with that one's model and protocol; null if the request has no other form.
    /// </summary>
    public Func<EndpointSpec, EndpointRequest>? For { get; init; }

    /// <summary>
    /// Lends the dialogue's permit to another. Endpoints call it while the request waits for its next try or for a probe, and the
    /// endpoint answers others. Idempotent.
    /// </summary>
    public Action? LendPermit { get; init; }
}

/// <summary>An endpoint's answer.</summary>
/// <param name="Endpoint">The name of the endpoint that answered, which may be a fallback.</param>
/// <param name="Body">The body as received: a whole JSON document in the endpoint's protocol.</param>
/// <param name="Seconds">From sending to the last byte.</param>
public sealed record EndpointResponse(string Endpoint, string Body, Usage Usage, double Seconds)
{
    public ImmutableArray<FailedTry> FailedTries { get; init; } = [];

    /// <summary>Whether the endpoint refused the prompt as filtered or too long. It generated and charged nothing.</summary>
    public bool IsRefusal { get; init; }
}

/// <summary>Takes requests in a protocol: a client, or a decorator of one (quota, retry, circuit, fallback).</summary>
public interface IEndpoint
{
    EndpointSpec Spec { get; }

    /// <exception cref="EndpointException">There is no answer.</exception>
    ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken);
}

/// <summary>What an endpoint's server publishes about its model.</summary>
public interface IModelListing
{
    /// <summary>The model's shutdown date; null if none is announced, or the list is absent or unavailable. Costs no tokens.</summary>
    ValueTask<DateOnly?> ShutdownDate(CancellationToken cancellationToken);
}

/// <summary>Permission to send: takes from the endpoint's quota before a request, and settles the actual usage after it.</summary>
public interface IQuota
{
    /// <summary>Waits until the request fits.</summary>
    ValueTask<IQuotaUse> Take(int inputTokens, int outputTokens, CancellationToken cancellationToken);
}

/// <summary>The quota taken for one request. Disposing of it ends the request's time in flight.</summary>
public interface IQuotaUse : IDisposable
{
    /// <summary>
    /// Cancelled when the permit under which the request was sent is no longer held: another process may send in its place.
    /// </summary>
    CancellationToken LeaseEnd { get; }

    /// <summary>Returns the excess, or takes the shortfall.</summary>
    void Settle(Usage usage);

    /// <summary>
    /// The endpoint refused the request because its quota was empty. It charged nothing, and would refuse others too until it has
    /// refilled.
    /// </summary>
    /// <param name="retryAfter">When the endpoint says that it may accept the request; null if it does not say.</param>
    void Refused(TimeSpan? retryAfter);
}

/// <summary>The endpoint has no answer to this request.</summary>
/// <param name="endpoint">The endpoint's name.</param>
/// <param name="reason">As the ledger counts it: <c>401</c>, <c>429</c>, <c>timeout</c>, ….</param>
/// <param name="message">One sentence: what, where, what to do. Holds no key and no prompt.</param>
public sealed class EndpointException(string endpoint, string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Endpoint { get; } = endpoint;

    public string Reason { get; } = reason;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether the failure is the endpoint's and not this request's: any other request would fail too.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>
    /// Whether the endpoint refuses every request until a person corrects its key, model, credit, address or certificate. A temporary
    /// outage is no refusal.
    /// </summary>
    public bool IsRefusal => IsUnavailable && !IsTransient;

    /// <summary>Whether the endpoint answers other dialogues meanwhile: then the next try needs no long pause.</summary>
    public bool AnswersOthers { get; private init; }

    /// <summary>Whether it answered another dialogue's request that was sent after this dialogue began to fail.</summary>
    public bool OthersFareBetter { get; private init; }

    /// <summary>From sending to the failure.</summary>
    public double Seconds { get; init; }

    /// <summary>The earlier tries, if there were several.</summary>
    public ImmutableArray<FailedTry> FailedTries { get; init; } = [];

    /// <summary>The pause that the endpoint asks for.</summary>
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

    /// <summary>The same failure limited to this request: it is permanent, and other requests succeed.</summary>
    internal EndpointException OfRequest(string message) =>
        new(Endpoint, Reason, message, this) { Seconds = Seconds, FailedTries = FailedTries };

    /// <summary>The same failure, with the earlier tries.</summary>
    /// <param name="isTransient">Whether the request may succeed later; null keeps the present value.</param>
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
