using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ConvoSynth.Models.Endpoints;

/// <summary>How requests are retried.</summary>
public sealed record RetryOptions
{
    /// <summary>The number of retries.</summary>
    /// <value>Null by default, which takes the endpoint's spec; 0 to 20.</value>
    public int? Retries { get; init; }

    /// <summary>The maximum delay before the first retry; it doubles with each further one.</summary>
    /// <value>1 s by default; above zero.</value>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum delay before any retry, in addition to the pause that the endpoint asks for.</summary>
    /// <value>30 s by default; at least <see cref="FirstDelay"/>.</value>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest pause that is granted to the endpoint; if it asks for more, it counts as away and the request fails.
    /// </summary>
    /// <value>2 min by default.</value>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The time that tries and delays may take together before no further try is made; waits for quota do not count.</summary>
    /// <value>4 min by default.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(4);
}

/// <summary>
/// Retries transient failures. Delays have full jitter, uniform from zero to a bound that doubles (M. Brooker, "Exponential Backoff And
/// Jitter", AWS Architecture Blog, 2015). They come on top of the pause that the endpoint asks for, so that requests that failed together
/// do not return together.
/// </summary>
public sealed partial class RetryEndpoint : IEndpoint
{
    private static readonly ResiliencePropertyKey<Tries> TriesKey = new("tries");

    // An endpoint that answers others is not overloaded, so a failed request is retried soon and delays no other.
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

    // An open circuit has already waited its own patience.
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
        if ((failure.AnswersOthers || failure.OthersFareBetter) && !ScopedEndpoint.IsOfServer(failure))
            tries.Request.LendPermit?.Invoke();
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
