using ConvoSynth.Core;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace ConvoSynth.Models;

/// <summary>When an endpoint counts as away, and for how long nothing is sent to it then.</summary>
public sealed record CircuitOptions
{
    /// <summary>The share of failed requests that opens the circuit.</summary>
    /// <value>0.5 by default; above 0, at most 1.</value>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>The sampling window of the failure ratio.</summary>
    /// <value>30 s by default; 0.5 s to 1 day.</value>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The minimum number of requests in the window for the ratio to count.</summary>
    /// <value>20 by default; at least 2.</value>
    public int LeastRequests { get; init; } = 20;

    /// <summary>How long the circuit stays open; then one trial request decides.</summary>
    /// <value>5 s by default; 0.5 s to 1 day.</value>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a request waits for the circuit to close before it fails, if there is no fallback. Waiting consumes no try.
    /// </summary>
    /// <value>2 min by default; zero fails at once.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>
/// A circuit breaker: sends nothing to an endpoint that is away. Only failures that mean an absent server count. A full quota or a wrong
/// setting is an answer; a dialogue that keeps failing while others get answers says nothing about the endpoint.
/// </summary>
public sealed partial class CircuitEndpoint : IEndpoint
{
    private static readonly ResiliencePropertyKey<bool> CountsKey = new("counts");

    private readonly IEndpoint _inner;
    private readonly CircuitOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<EndpointResponse> _pipeline;
    private readonly FailingDialogues _failing;

    public CircuitEndpoint(IEndpoint inner, CircuitOptions options, TimeProvider time, ILogger logger)
    {
        _inner = inner;
        _options = options;
        _time = time;
        _failing = new(time);
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder<EndpointResponse> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<EndpointResponse>
                {
                    FailureRatio = options.FailureRatio,
                    SamplingDuration = options.Window,
                    MinimumThroughput = options.LeastRequests,
                    BreakDuration = options.Break,
                    ShouldHandle = a =>
                        ValueTask.FromResult(
                            a.Outcome.Exception is EndpointException { IsTransient: true, Reason: not "429" }
                                && a.Context.Properties.GetValue(CountsKey, defaultValue: true)
                        ),
                    OnOpened = a =>
                    {
                        Opened(_logger, Spec.Name, ((EndpointException)a.Outcome.Exception!).Reason, a.BreakDuration.TotalSeconds);
                        return default;
                    },
                    OnClosed = _ =>
                    {
                        Closed(_logger, Spec.Name);
                        return default;
                    },
                }
            )
            .Build();
    }

    public EndpointSpec Spec => _inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; )
        {
            var outcome = await Try(request, cancellationToken);
            if (outcome is not null)
                return outcome;
            if (waited + _options.Break > _options.Patience)
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
                    RetryAfter = _options.Break,
                };
            }

            waited += _options.Break;
            await Task.Delay(_options.Break, _time, cancellationToken);
        }
    }

    private async ValueTask<EndpointResponse> Counted(EndpointRequest request, ResilienceContext context)
    {
        var sent = _time.GetTimestamp();
        try
        {
            var response = await _inner.Send(request, context.CancellationToken);
            _failing.Answered(request.Key.Dialogue, sent);
            return response;
        }
        catch (EndpointException e) when (e.IsTransient)
        {
            var beside = _failing.Failed(request.Key.Dialogue);
            context.Properties.Set(CountsKey, beside.Counts);
            if (beside is { AnswersOthers: false, OthersFareBetter: false })
                throw;
            throw e.Beside(beside);
        }
    }

    /// <summary>Null while the circuit is open.</summary>
    private async ValueTask<EndpointResponse?> Try(EndpointRequest request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        try
        {
            return await _pipeline.ExecuteAsync(
                static (context, state) => state.Self.Counted(state.Request, context),
                context,
                (Self: this, Request: request)
            );
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}

public static class CircuitEndpointBuilding
{
    public static EndpointBuilder UseCircuit(this EndpointBuilder builder, CircuitOptions options, TimeProvider time, ILogger logger) =>
        builder.Use(inner => new CircuitEndpoint(inner, options, time, logger));
}
