using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// Sends a request when quota allows it. It estimates a prompt's tokens, and calibrates the estimate with the endpoint's counts.
/// </summary>
public sealed class QuotaEndpoint(IEndpoint inner, IQuota quota) : IEndpoint
{
    /// <summary>The reason of a request that was abandoned with its lease. It says nothing about the server.</summary>
    internal const string LeaseEnded = "lease-ended";

    // A weight of 1/16 forgets a run's first prompts within a few dozen calls.
    private const double Weight = 1.0 / 16;

    private readonly Lock _lock = new();
    private double _ratio = 1;

    public EndpointSpec Spec => inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        var input = Estimate(request);
        using var use = await quota.Take(input, request.OutputTokens, cancellationToken);
        using var limit = use.LeaseEnd.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, use.LeaseEnd)
            : null;
        try
        {
            var response = await inner.Send(request, limit?.Token ?? cancellationToken);

            // A server that counts no tokens is charged by the length of its answer.
            use.Settle(
                response.Usage.InputTokens > 0
                    ? response.Usage
                    : new(input, 0, response.IsRefusal ? 0 : TokenEstimate.OfAnswer(request, response), 0)
            );
            Learn(request, response.Usage);
            return response;
        }
        catch (OperationCanceledException e) when (use.LeaseEnd.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            use.Settle(new(input, 0, 0, 0));
            throw new EndpointException(
                Spec.Name,
                LeaseEnded,
                $"a request to endpoint \"{Spec.Name}\" was abandoned, since its permit could not be renewed; it is tried again",
                e
            )
            {
                IsTransient = true,
            };
        }
        catch (EndpointException e) when (e.Reason == "429")
        {
            use.Refused(e.RetryAfter);
            throw;
        }
        catch (EndpointException)
        {
            // The prompt may have been charged; an answer that was never generated was not.
            use.Settle(new(input, 0, 0, 0));
            throw;
        }
    }

    private int Estimate(EndpointRequest request)
    {
        lock (_lock)
            return (int)Math.Min(int.MaxValue, Math.Ceiling(request.InputTokens * _ratio));
    }

    private void Learn(EndpointRequest request, Usage usage)
    {
        if (request.InputTokens <= 0 || usage.InputTokens <= 0)
            return;
        lock (_lock)
            _ratio += Weight * (((double)usage.InputTokens / request.InputTokens) - _ratio);
    }
}

public static class QuotaEndpointBuilding
{
    public static EndpointBuilder UseQuota(this EndpointBuilder builder, IQuota quota) =>
        builder.Use(inner => new QuotaEndpoint(inner, quota));
}
