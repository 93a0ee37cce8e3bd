using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>
/// Asks another endpoint where this one's circuit is open, or where it can answer nobody (its key, its model, its credit). The request goes there in that endpoint's
/// own form, and the answer says who gave it. A request that is wrong in itself goes nowhere else.
/// </summary>
public sealed class FallbackEndpoint(IEndpoint inner, IEndpoint fallback) : IEndpoint
{
    public EndpointSpec Spec => inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        EndpointException failure;
        try
        {
            return await inner.Send(request, cancellationToken);
        }
        catch (EndpointException e) when (e.IsUnavailable && request.For is not null)
        {
            failure = e;
        }

        FailedTry failed = new(failure.Endpoint, failure.Reason, failure.Seconds);
        try
        {
            var response = await fallback.Send(request.For!(fallback.Spec), cancellationToken);
            return response with { FailedTries = [.. failure.FailedTries, failed, .. response.FailedTries] };
        }
        catch (EndpointException e)
        {
            // Where the first is only away, it may answer later what the other does not.
            throw e.After([.. failure.FailedTries, failed], isTransient: failure.IsTransient || e.IsTransient);
        }
    }
}

public static class FallbackEndpointBuilding
{
    public static EndpointBuilder UseFallback(this EndpointBuilder builder, IEndpoint fallback) =>
        builder.Use(inner => new FallbackEndpoint(inner, fallback));
}
