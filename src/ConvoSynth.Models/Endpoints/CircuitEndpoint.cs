using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Quota;

namespace ConvoSynth.Models.Endpoints;

/// <summary>
/// A circuit breaker: sends nothing to an endpoint that is away, by the circuit of its account. Only failures that mean an absent server
/// count. A full quota or a wrong setting is an answer; a dialogue that keeps failing while others get answers says nothing about the
/// endpoint.
/// </summary>
public sealed class CircuitEndpoint(IEndpoint inner, AccountHolder account, CircuitOptions options, TimeProvider time) : IEndpoint
{
    private readonly FailingDialogues _failing = new(time);

    public EndpointSpec Spec => inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; )
        {
            var pass = await account.Pass();
            if (pass != CircuitPass.No)
                return await Counted(request, pass, cancellationToken);
            if (waited + options.Break > options.Patience)
            {
                throw new EndpointException(
                    Spec.Name,
                    "circuit-open",
                    $"endpoint \"{Spec.Name}\" is away and is being left alone; "
                        + (waited > TimeSpan.Zero ? $"it did not come back within {waited.TotalSeconds:F0} s" : "it is asked again later")
                )
                {
                    IsTransient = true,
                    IsUnavailable = true,
                    RetryAfter = options.Break,
                };
            }

            waited += options.Break;
            await Task.Delay(options.Break, time, cancellationToken);
        }
    }

    private async ValueTask<EndpointResponse> Counted(EndpointRequest request, CircuitPass pass, CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        (bool? IsAnswer, string Reason) outcome = (null, "");
        try
        {
            var response = await inner.Send(request, cancellationToken);
            outcome = (true, "");
            _failing.Answered(request.Key.Dialogue, sent);
            return response;
        }
        catch (EndpointException e) when (e.Reason == QuotaEndpoint.LeaseEnded)
        {
            throw;
        }
        catch (EndpointException e)
        {
            var beside = e.IsTransient ? _failing.Failed(request.Key.Dialogue) : default;
            outcome = (!(e.IsTransient && e.Reason != "429" && beside.Counts), e.Reason);
            if (beside is { AnswersOthers: false, OthersFareBetter: false })
                throw;
            throw e.Beside(beside);
        }
        finally
        {
            account.Ended(pass, outcome.IsAnswer, outcome.Reason);
        }
    }
}

public static class CircuitEndpointBuilding
{
    public static EndpointBuilder UseCircuit(
        this EndpointBuilder builder,
        AccountHolder account,
        CircuitOptions options,
        TimeProvider time
    ) => builder.Use(inner => new CircuitEndpoint(inner, account, options, time));
}
