using ConvoSynth.Core;

namespace ConvoSynth.Models;

/// <summary>Sends a request when quota allows it. How many tokens a prompt has is estimated, and the estimate learns from what the endpoint counts.</summary>
public sealed class QuotaEndpoint(IEndpoint inner, IQuota quota) : IEndpoint
{
    // A weight of 1/16 forgets a run's first prompts within some dozens of calls.
    private const double Weight = 1.0 / 16;

    private readonly Lock _lock = new();
    private double _ratio = 1;

    public EndpointSpec Spec => inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        using var use = await quota.Take(Estimate(request), request.OutputTokens, cancellationToken);
        try
        {
            var response = await inner.Send(request, cancellationToken);
            if (response.Usage.InputTokens > 0)
            {
                use.Settle(response.Usage);
                Learn(request, response.Usage);
            }

            return response;
        }
        catch (EndpointException e) when (e.Reason == "429")
        {
            use.Settle(Usage.None); // What was not let in was not charged.
            throw;
        }
    }

    private int Estimate(EndpointRequest request)
    {
        lock (_lock) return (int)Math.Min(int.MaxValue, Math.Ceiling(request.InputTokens * _ratio));
    }

    private void Learn(EndpointRequest request, Usage usage)
    {
        if (request.InputTokens <= 0) return;
        lock (_lock) _ratio += Weight * (((double)usage.InputTokens / request.InputTokens) - _ratio);
    }
}

public static class QuotaEndpointBuilding
{
    public static EndpointBuilder UseQuota(this EndpointBuilder builder, IQuota quota) => builder.Use(inner => new QuotaEndpoint(inner, quota));
}
