using ConvoSynth.Rehearsal.FakeOpenAI.Answers;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Quotas;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using ConvoSynth.Rehearsal.FakeOpenAI.Scripts;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>Answers a request for a model's message: decides the content, the latency and the failure.</summary>
internal sealed class ModelCalls(ServerParts parts)
{
    // Upper bound of the pause that a planted 429 requests.
    private const double LongestRetrySeconds = 0.5;

    /// <exception cref="RefusedException">The request is invalid.</exception>
    public async Task Answer(HttpContext context, Route route)
    {
        var began = parts.Time.GetTimestamp();
        var at = parts.Seconds;
        var (facts, script, answer) = await Understand(context, route);
        var admission = parts.Quota.TryEnter(facts.Charge);
        QuotaHeaders.Write(context.Response.Headers, admission);
        if (admission.Refused is { } short_)
        {
            RefuseByQuota(context, facts, short_, admission);
            parts.Log?.Add(new(facts.Call?.Key, at, 0, StatusCodes.Status429TooManyRequests, "quota", 0, facts.PromptTokens, 0));
            return;
        }

        parts.Counters.Charged(facts.Charge);
        var trying = Trying.Of(parts, facts, script);
        var reply = ReplyOf(facts, answer.Spoiled(trying.Fate.Failure), trying, route);
        var outcome = default(Outcome);
        try
        {
            outcome = await Send(context, route.Protocol, reply, trying, began);
        }
        finally
        {
            // Every charge is settled, whatever happened.
            parts.Quota.Settle(facts.Charge, outcome.Used);
            parts.Counters.Settled(outcome.Used);
            parts.Log?.Add(
                new(
                    facts.Call?.Key,
                    at,
                    trying.Number,
                    outcome.Status,
                    outcome.Failure,
                    trying.Fate.Seconds,
                    reply.PromptTokens,
                    outcome.Used == 0 ? 0 : reply.CompletionTokens
                )
            );
        }
    }

    // Reads the body once and releases it before anything waits.
    private async ValueTask<(RequestFacts Facts, KeptScript? Script, Answer Answer)> Understand(HttpContext context, Route route)
    {
        using var body = await PooledBody.Read(context.Request, context.RequestAborted);
        var facts = RequestReading.Read(body.Memory.Span, route.Protocol);
        RequireModel(route, facts);
        var script = facts.Call is { } call ? await parts.Scripts.Of(call, context.RequestAborted) : null;
        return (facts, script, await Answering.Of(facts, script, body.Memory, parts.Options, context.RequestAborted));
    }

    private void RequireModel(Route route, RequestFacts facts)
    {
        if (route.Deployment is { } deployment)
        {
            if (parts.Options.Model is { } only && deployment != only)
                throw new RefusedException(404, "DeploymentNotFound", "The API deployment for this resource does not exist.");
            return;
        }

        if (facts.Model.Length == 0)
            throw RefusedException.Invalid("the body names no model", "model");
        if (parts.Options.Model is { } model && facts.Model != model)
            throw new RefusedException(
                404,
                "model_not_found",
                $"The model `{facts.Model}` does not exist or you do not have access to it.",
                "model"
            );
    }

    private async Task<Outcome> Send(HttpContext context, Protocol protocol, Reply reply, Trying trying, long began)
    {
        if (trying.Fate.Failure == FailureKind.Hang || reply.Answer.Hangs)
            return await Hang(context);
        // Latency counts from the arrival of the request, so it includes the server's own work.
        if (!await parts.Pauses.Until(began, trying.Fate.Seconds))
        {
            context.Abort();
            return new(0, "stopped", 0);
        }

        var used = (long)reply.PromptTokens + reply.CompletionTokens;
        if (!context.RequestAborted.IsCancellationRequested)
            return await Deliver(context, protocol, reply, trying, used);
        // A real model would have generated the answer: the client pays for it.
        parts.Counters.WasLeft();
        return new(0, "gone", used);
    }

    private async Task<Outcome> Deliver(HttpContext context, Protocol protocol, Reply reply, Trying trying, long used)
    {
        var failure = trying.Fate.Failure;
        if (failure != FailureKind.None)
            parts.Counters.Failed(failure);
        var name = failure == FailureKind.None ? null : FailureKinds.NameOf(failure);
        switch (failure)
        {
            case FailureKind.Status500:
                Delivery.Error(
                    context,
                    500,
                    "server_error",
                    null,
                    "The server had an error while processing your request. Sorry about that!"
                );
                return new(500, name, 0);
            case FailureKind.Status503:
                Delivery.Error(
                    context,
                    503,
                    "server_error",
                    "service_unavailable",
                    "The engine is currently overloaded, please try again later."
                );
                return new(503, name, 0);
            case FailureKind.Status429:
                QuotaHeaders.WriteRetry(context.Response.Headers, LongestRetrySeconds * trying.Share("retry"));
                Delivery.Error(context, 429, "requests", "rate_limit_exceeded", "Rate limit reached, as planted.");
                return new(429, name, 0);
            case FailureKind.ContentType:
                Delivery.Html(context);
                return new(200, name, used);
            default:
                await Delivery.Answer(context, protocol, reply, failure);
                if (failure == FailureKind.Cut)
                    return new(0, name, used);
                if (failure != FailureKind.Truncated)
                    Sent(reply, trying);
                return new(200, name, used);
        }
    }

    private void Sent(Reply reply, Trying trying)
    {
        parts.Counters.Sent(reply);
        if (trying.Call is { } call)
            parts.Calls.Answered(call);
    }

    // Waits until the client gives up or the server stops.
    private async Task<Outcome> Hang(HttpContext context)
    {
        parts.Counters.Failed(FailureKind.Hang);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, parts.Stopping);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = either.Token.Register(ended.SetResult);
        await ended.Task;
        context.Abort();
        return new(0, FailureKinds.NameOf(FailureKind.Hang), 0);
    }

    private void RefuseByQuota(HttpContext context, RequestFacts facts, string kind, in Admission admission)
    {
        parts.Counters.WasRefused(byQuota: true);
        var isRequests = kind == "requests";
        var limit = isRequests ? parts.Options.RequestsPerMinute : parts.Options.TokensPerMinute;
        var what =
            $"on {(isRequests ? "requests per min (RPM)" : "tokens per min (TPM)")}: "
            + $"Limit {limit}, Requested {(isRequests ? 1 : facts.Charge)}.";
        if (admission.RetryAfter is { } seconds)
        {
            QuotaHeaders.WriteRetry(context.Response.Headers, seconds);
            Delivery.Error(
                context,
                429,
                kind,
                "rate_limit_exceeded",
                $"Rate limit reached for {facts.Model} {what} Please try again in {QuotaHeaders.Spelled(seconds)}."
            );
        }
        else
        {
            Delivery.Error(
                context,
                429,
                kind,
                "rate_limit_exceeded",
                $"Request too large for {facts.Model} {what} It is more than {parts.Options.QuotaCapacity} seconds of "
                    + "the limit and is never let in."
            );
        }
    }

    private Reply ReplyOf(RequestFacts facts, Answer answer, Trying trying, Route route) =>
        new(
            trying.Id,
            route.Deployment ?? facts.Model,
            parts.Time.GetUtcNow().ToUnixTimeSeconds(),
            answer,
            facts.PromptTokens,
            facts.CachedTokens,
            facts
        );

    /// <param name="Status">HTTP status; 0 if no complete response was sent.</param>
    /// <param name="Used">Tokens to pay for.</param>
    private readonly record struct Outcome(int Status, string? Failure, long Used);
}
