using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Models.Tests;

/// <summary>The telemetry of model calls.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Each_try_is_measured_by_the_conventions_names_and_no_word_is_told()
    {
        const string Model = "telemetry-model";
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        var spans = new ConcurrentQueue<Activity>();
        using var meters = new MeterListener
        {
            InstrumentPublished = static (i, l) =>
            {
                if (i.Meter.Name == "ConvoSynth.Models")
                    l.EnableMeasurementEvents(i);
            },
        };
        meters.SetMeasurementEventCallback<double>((i, v, tags, _) => measured.Enqueue((i.Name, v, Tags(tags))));
        meters.SetMeasurementEventCallback<long>((i, v, tags, _) => measured.Enqueue((i.Name, v, Tags(tags))));
        meters.Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static s => s.Name == "ConvoSynth.Models",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await ModelServer.Start(ModelServer.Fails(503), ModelServer.Chat("a secret answer"));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url) with { Model = Model }));

        await models.Agent.Respond(Endpoints.Ask(Message.User("a secret question")), default);

        var ours = measured.Where(m => Equals(m.Tags["gen_ai.request.model"], Model)).ToArray();
        var durations = ours.Where(m => m.Name == "gen_ai.client.operation.duration").ToArray();
        durations
            .Should()
            .HaveCount(2)
            .And.OnlyContain(m =>
                m.Value > 0 && Equals(m.Tags["gen_ai.operation.name"], "chat") && Equals(m.Tags["gen_ai.provider.name"], "openai")
            );
        durations
            .Select(m => (m.Tags.GetValueOrDefault("error.type"), m.Tags.GetValueOrDefault("gen_ai.response.model")))
            .Should()
            .Equal(("503", null), (null, "model-2026"));
        ours.Where(m => m.Name == "gen_ai.client.token.usage")
            .Select(m => (m.Tags["gen_ai.token.type"], m.Value))
            .Should()
            .Equal(("input", 100), ("output", 20));
        var traced = spans.Where(s => s.DisplayName == $"chat {Model}").ToArray();
        traced
            .Select(s => (s.Kind, s.Status))
            .Should()
            .Equal((ActivityKind.Client, ActivityStatusCode.Error), (ActivityKind.Client, ActivityStatusCode.Unset));
        traced[1].GetTagItem("gen_ai.usage.input_tokens").Should().Be(100L);
        traced
            .SelectMany(s => s.TagObjects)
            .Select(t => $"{t.Value}")
            .Should()
            .NotContain(v => v.Contains("secret", StringComparison.Ordinal));
    }

    private static Dictionary<string, object?> Tags(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in tags)
            kept[name] = value;
        return kept;
    }
}
