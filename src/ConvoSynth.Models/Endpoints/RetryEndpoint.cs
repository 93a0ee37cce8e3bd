using System.Collections.Immutable;
using ConvoSynth.Core;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ConvoSynth.Models;

/// <summary>How a request is tried again.</summary>
public sealed record RetryOptions
{
    /// <summary>Further tries.</summary>
    /// <value>Null by default: as many as the endpoint's spec says; 0 to 20.</value>
    public int? Retries { get; init; }

    /// <summary>The most that is waited before the first further try; each one after has twice as much.</summary>
    /// <value>1 s by default; above zero.</value>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most that is waited before any try, but for what the endpoint itself asks for.</summary>
    /// <value>30 s by default; at least <see cref="FirstDelay"/>.</value>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most of what the endpoint asks for that is waited; where it asks for more, it counts as away, and the request fails.</summary>
    /// <value>2 min by default.</value>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// What tries and delays may take together before no further one is made; waiting for quota does not count.
    /// </summary>
    /// <value>4 min by default.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(4);
}

/// <summary>
/// Tries again what may pass. Delays have full jitter, uniform from zero to a bound that doubles (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
/// Blog, 2015), on top of what the endpoint asks for; so those that failed together do not come back together.
/// </summary>
public sealed partial class RetryEndpoint : IEndpoint
{
    private static readonly ResiliencePropertyKey<Tries> TriesKey = new("tries");

    // An endpoint that answers others is not overloaded: what fails on it is tried again soon, and keeps no other waiting.
    private static readonly TimeSpan Beside = TimeSpan.FromSeconds(0.1);

    private readonly IEndpoint _inner;
    private readonly RetryOptions _options;
    private readonly SeededRandom _jitter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<EndpointResponse> _pipeline;

    public RetryEndpoint(IEndpoint inner, RetryOptions options, Seed jitter, TimeProvider time, ILogger logger)
    {
        if (options.FirstDelay <= TimeSpan.Zero || options.LongestDelay < options.FirstDelay)
            throw new ArgumentException(
                $"delays from {options.FirstDelay} to {options.LongestDelay}: the first must be above zero and no longer than the longest",
                nameof(options)
            );
        _inner = inner;
        _options = options;
        _jitter = jitter.Random();
        _time = time;
        _logger = logger;
        var builder = new ResiliencePipelineBuilder<EndpointResponse> { TimeProvider = time };
        var retries = options.Retries ?? inner.Spec.Retries;
        if (retries > 0)
        {
            builder.AddRetry(
                new RetryStrategyOptions<EndpointResponse>
                {
                    MaxRetryAttempts = retries,
                    ShouldHandle = a => ValueTask.FromResult(a.Outcome.Exception is EndpointException e && MayPass(e, a.Context)),
                    DelayGenerator = a => ValueTask.FromResult<TimeSpan?>(Delay(a.AttemptNumber, (EndpointException)a.Outcome.Exception!)),
                    OnRetry = Failed,
                }
            );
        }

        _pipeline = builder.Build();
    }

    public EndpointSpec Spec => _inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        var tries = new Tries(request);
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        context.Properties.Set(TriesKey, tries);
        try
        {
            var response = await _pipeline.ExecuteAsync(
                static (context, state) => state.Inner.Send(state.Tries.Request, context.CancellationToken),
                context,
                new State(_inner, tries)
            );
            return tries.Failed.Count == 0 ? response : response with { FailedTries = [.. tries.Failed, .. response.FailedTries] };
        }
        catch (EndpointException e) when (tries.Failed.Count > 0)
        {
            GaveUp(_logger, e.Endpoint, e.Reason, tries.Failed.Count + 1);
            throw e.After(tries.Failed);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // An open circuit has had its own patience.
    private bool MayPass(EndpointException e, ResilienceContext context) =>
        e is { IsTransient: true, Reason: not "circuit-open" }
        && !(e.RetryAfter > _options.LongestRetryAfter)
        && context.Properties.TryGetValue(TriesKey, out var tries)
        && tries.Spent + TimeSpan.FromSeconds(e.Seconds) < _options.Patience;

    private TimeSpan Delay(int attempt, EndpointException failure)
    {
        var bound =
            failure.AnswersOthers && !ScopedEndpoint.IsOfServer(failure)
                ? Math.Min(Beside.TotalSeconds, _options.FirstDelay.TotalSeconds)
                : Math.Min(_options.LongestDelay.TotalSeconds, _options.FirstDelay.TotalSeconds * Math.Pow(2, attempt));
        double share;
        lock (_jitter)
            share = _jitter.NextDouble();
        return (failure.RetryAfter ?? TimeSpan.Zero) + TimeSpan.FromSeconds(bound * share);
    }

    private ValueTask Failed(OnRetryArguments<EndpointResponse> retry)
    {
        var failure = (EndpointException)retry.Outcome.Exception!;
        var tries = retry.Context.Properties.GetValue(TriesKey, null!);
        tries.Failed.AddRange([.. failure.FailedTries, new(failure.Endpoint, failure.Reason, failure.Seconds)]);
        tries.Spent += TimeSpan.FromSeconds(failure.Seconds) + retry.RetryDelay;
        TriesAgain(_logger, failure.Endpoint, failure.Reason, failure.Seconds, retry.RetryDelay.TotalSeconds);
        return ValueTask.CompletedTask;
    }

    private readonly record struct State(IEndpoint Inner, Tries Tries);

    private sealed class Tries(EndpointRequest request)
    {
        public EndpointRequest Request { get; } = request;

        public List<FailedTry> Failed { get; } = [];

        public TimeSpan Spent { get; set; }
    }
}

public static class RetryEndpointBuilding
{
    public static EndpointBuilder UseRetry(
        this EndpointBuilder builder,
        RetryOptions options,
        Seed jitter,
        TimeProvider time,
        ILogger logger
    ) => builder.Use(inner => new RetryEndpoint(inner, options, jitter, time, logger));
}
