using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Asks another endpoint if this one's circuit is open, or if it refuses every request (its key, model or credit). The request is rebuilt
/// in the other endpoint's form, and the answer names its endpoint. A request that is itself at fault goes to no other endpoint.
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
            // If the first endpoint is only away, it may answer later what the fallback refuses.
            throw e.After([.. failure.FailedTries, failed], isTransient: failure.IsTransient || e.IsTransient);
        }
    }
}

public static class FallbackEndpointBuilding
{
    public static EndpointBuilder UseFallback(this EndpointBuilder builder, IEndpoint fallback) =>
        builder.Use(inner => new FallbackEndpoint(inner, fallback));
}
