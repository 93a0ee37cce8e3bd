using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Telemetry;

/// <summary>
/// Telemetry of model calls, in the names of OpenTelemetry's conventions for generative AI: numbers and names, never content. Measures
/// nothing without a listener.
/// </summary>
internal static class ModelInstruments
{
    public const string Name = "ConvoSynth.Models";

    private const string Operation = "chat";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    // The bounds are the conventions' own.
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "gen_ai.client.operation.duration",
        "s",
        "From sending to the last byte of one try.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
        }
    );

    private static readonly Histogram<long> Tokens = Meter.CreateHistogram(
        "gen_ai.client.token.usage",
        "{token}",
        "Tokens of one answer, by kind.",
        advice: new InstrumentAdvice<long>
        {
            HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
        }
    );

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>(
        "convosynth.model.requests.waiting",
        "{request}",
        "Requests that wait for quota or a permit, by account."
    );

    private static readonly UpDownCounter<int> OpenCircuits = Meter.CreateUpDownCounter<int>(
        "convosynth.model.circuits.open",
        "{circuit}",
        "Circuits that are open, by account: its server is away and gets no requests."
    );

    /// <summary>Counts requests that begin or end to wait. A count of 0 makes the account known.</summary>
    public static void Waits(string account, int change) => Waiting.Add(change, AccountTag(account));

    /// <summary>Counts circuits that open or close. A count of 0 makes the account known.</summary>
    public static void Opens(string account, int change) => OpenCircuits.Add(change, AccountTag(account));

    /// <summary>Begins the span of one try; null without a listener.</summary>
    public static Activity? Began(EndpointSpec spec, CallKey key)
    {
        var activity = Source.StartActivity($"{Operation} {spec.Model}", ActivityKind.Client);
        if (activity is not { IsAllDataRequested: true })
            return activity;
        foreach (var (name, value) in Tags(spec))
            activity.SetTag(name, value);
        activity
            .SetTag("gen_ai.request.max_tokens", spec.MaxOutputTokens)
            .SetTag("convosynth.endpoint", spec.Name)
            .SetTag("convosynth.role", key.Role);
        if (spec.Temperature is { } temperature)
            activity.SetTag("gen_ai.request.temperature", temperature);
        return activity;
    }

    public static void Answered(EndpointSpec spec, EndpointResponse response, Activity? activity)
    {
        if (!Duration.Enabled && !Tokens.Enabled && activity is null)
            return;
        var tags = Tags(spec);
        if (ModelOf(response.Body) is { } model)
        {
            tags.Add("gen_ai.response.model", model);
            activity?.SetTag("gen_ai.response.model", model);
        }

        Duration.Record(response.Seconds, tags);
        var usage = response.Usage;
        if (usage.InputTokens > 0)
            Tokens.Record(usage.InputTokens, [.. tags, new("gen_ai.token.type", "input")]);
        if (usage.OutputTokens > 0)
            Tokens.Record(usage.OutputTokens, [.. tags, new("gen_ai.token.type", "output")]);
        activity
            ?.SetTag("gen_ai.usage.input_tokens", usage.InputTokens)
            .SetTag("gen_ai.usage.output_tokens", usage.OutputTokens)
            .SetTag("gen_ai.usage.cache_read.input_tokens", usage.CachedTokens)
            .SetTag("gen_ai.usage.cache_creation.input_tokens", usage.CacheWriteTokens);
    }

    public static void Failed(EndpointSpec spec, string reason, double seconds, Activity? activity)
    {
        activity?.SetTag("error.type", reason).SetStatus(ActivityStatusCode.Error);
        if (!Duration.Enabled)
            return;
        var tags = Tags(spec);
        tags.Add("error.type", reason);
        Duration.Record(seconds, tags);
    }

    private static KeyValuePair<string, object?> AccountTag(string account) => new("convosynth.account", account);

    private static TagList Tags(EndpointSpec spec)
    {
        var address = EndpointAddress.Base(spec);
        return new()
        {
            { "gen_ai.operation.name", Operation },
            { "gen_ai.provider.name", ProviderOf(spec) },
            { "gen_ai.request.model", spec.Model },
            { "server.address", address.Host },
            { "server.port", address.Port },
        };
    }

    // Any server with OpenAI's protocol counts as OpenAI, as the conventions prescribe if the provider is unknown.
    private static string ProviderOf(EndpointSpec spec) =>
        spec.Provider switch
        {
            EndpointProvider.AzureOpenAI => "azure.ai.openai",
            EndpointProvider.Anthropic => "anthropic",
            _ => "openai",
        };

    private static string? ModelOf(string body)
    {
        using var document = JsonDocument.Parse(body);
        return TolerantText.Of(document.RootElement, "model"u8) is { Length: > 0 } model ? model : null;
    }
}

/// <summary>Measures each try of an endpoint.</summary>
internal sealed class MeasuredEndpoint(IEndpoint inner) : IEndpoint
{
    public EndpointSpec Spec => inner.Spec;

    public async ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken)
    {
        using var activity = ModelInstruments.Began(Spec, request.Key);
        try
        {
            var response = await inner.Send(request, cancellationToken);
            ModelInstruments.Answered(Spec, response, activity);
            return response;
        }
        catch (EndpointException e)
        {
            ModelInstruments.Failed(Spec, e.Reason, e.Seconds, activity);
            throw;
        }
    }
}
