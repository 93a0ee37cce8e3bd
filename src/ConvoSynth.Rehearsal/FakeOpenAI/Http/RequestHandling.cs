using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI.Batches;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Measures;
using ConvoSynth.Rehearsal.FakeOpenAI.Quotas;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>
/// The server's only request delegate: routes the request, checks the key, and turns a refusal into OpenAI's error object.
/// </summary>
internal sealed class RequestHandling(ServerParts parts, BatchDesk batches)
{
    private readonly ModelCalls _calls = new(parts);
    private readonly BatchCalls _batches = new(batches);

    public async Task Handle(HttpContext context)
    {
        var route = Route.Of(context.Request.Path.Value ?? "");
        var isCounted = route.Kind is RouteKind.Answer or RouteKind.Unknown;
        if (isCounted)
            parts.Counters.Begun();
        try
        {
            Require(context.Request, route);
            switch (route.Kind)
            {
                case RouteKind.Answer:
                    await _calls.Answer(context, route);
                    break;
                case RouteKind.Models:
                    Delivery.Json(context, Models().ToString());
                    break;
                case RouteKind.Completion:
                    await CompletionCalls.Answer(context, parts);
                    break;
                case RouteKind.Stats:
                    Delivery.Json(context, StatsBody.Of(parts, batches).ToString());
                    break;
                default:
                    await _batches.Answer(context, route);
                    break;
            }
        }
        catch (RefusedException e)
        {
            parts.Counters.WasRefused(byQuota: false);
            Delivery.Error(context, e.Status, "invalid_request_error", e.Code, e.Message, e.Param);
            parts.Log?.Add(new(null, parts.Seconds, 0, e.Status, "refused", 0, 0, 0));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            parts.Counters.WasLeft();
        }
        finally
        {
            if (isCounted)
                parts.Counters.Ended();
        }
    }

    private void Require(HttpRequest request, Route route)
    {
        if (route.Kind == RouteKind.Unknown)
            throw new RefusedException(
                404,
                "unknown_url",
                $"Unknown request URL: {request.Method} {request.Path}. This is the test endpoint of ConvoSynth, "
                    + "which is no language model."
            );
        if (route.Method is { } method && request.Method != method)
            throw new RefusedException(405, "method_not_allowed", $"Not allowed to {request.Method} on {request.Path}; use {method}.");
        if (route.Deployment is not null && string.IsNullOrEmpty(request.Query["api-version"]))
            throw new RefusedException(404, "404", "Resource not found: an address by deployment needs ?api-version=….");
        if (route.Kind == RouteKind.Stats || parts.Options.Key is not { } key || HasKey(request, key))
            return;
        throw new RefusedException(401, "invalid_api_key", "Incorrect API key provided.");
    }

    private static bool HasKey(HttpRequest request, string key)
    {
        const string Bearer = "Bearer ";
        string? authorization = request.Headers.Authorization;
        return authorization is not null && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization.AsSpan(Bearer.Length).SequenceEqual(key)
            : request.Headers["api-key"] == key;
    }

    private JsonMap Models() =>
        Json.Map(
            ("object", "list"),
            (
                "data",
                Json.List(
                    Json.Map(("id", parts.Options.Model ?? "rehearsal"), ("object", "model"), ("created", 0), ("owned_by", "convosynth"))
                )
            )
        );
}

/// <summary>The counters in the shape of <c>GET /stats</c>.</summary>
internal static class StatsBody
{
    public static JsonMap Of(ServerParts parts, BatchDesk batches)
    {
        var counters = parts.Counters;
        var (requests, tokens) = parts.Quota.Use();
        var answered = counters.Answered;
        return Json.Map(
            ("seconds", Math.Round(parts.Seconds, 3)),
            ("requests", counters.Requests),
            ("answers", counters.Answers),
            ("in_flight", counters.InFlight),
            ("most_in_flight", counters.MaxInFlight),
            ("gone", counters.Gone),
            ("refused", counters.RefusedOtherwise),
            ("rate_limited", counters.RefusedByQuota),
            ("answers_by_call", Json.List(parts.Calls.ByAnswers().Select(b => (Json)Json.Map(("answers", b.Answers), ("calls", b.Calls))))),
            ("failures", JsonMap.Create(FailureKinds.All.Select(k => KeyValuePair.Create(FailureKinds.NameOf(k), (Json)counters.Of(k))))),
            (
                "tokens",
                Json.Map(
                    ("charged", counters.TokensCharged),
                    ("settled", counters.TokensSettled),
                    ("prompt", answered.Prompt),
                    ("cached", answered.Cached),
                    ("completion", answered.Completion)
                )
            ),
            ("quota", Json.Map(("requests", UseOf(requests)), ("tokens", UseOf(tokens)))),
            ("batches", batches.Stats()),
            ("scripts", Json.Map(("kept", parts.Scripts.Kept), ("composed", parts.Scripts.Composed))),
            ("calls_kept", parts.Calls.Kept)
        );
    }

    private static Json UseOf(QuotaUse? use) =>
        use is not { } known
            ? Json.Null
            : Json.Map(
                ("per_minute", known.PerMinute),
                ("used", known.Used),
                ("seconds", Math.Round(known.Seconds, 3)),
                ("utilization", Math.Round(known.Utilization, 4))
            );
}
