using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;

namespace ConvoSynth.Models.Tests;

/// <summary>Endpoints that are away, and their fallbacks.</summary>
public sealed class CircuitTests
{
    private static readonly CircuitOptions Options = new()
    {
        LeastRequests = 4,
        Break = TimeSpan.FromSeconds(5),
        Patience = TimeSpan.Zero,
    };

    private readonly SteppedTime _time = new();
    private bool _isAway = true;

    [Fact]
    public async Task After_enough_failures_nothing_is_sent_until_one_request_has_found_it_back()
    {
        var inner = Endpoint();
        var circuit = Circuit(inner, Options);
        for (var i = 0; i < 4; i++)
            (await Failure(circuit)).Reason.Should().Be("503");

        (await Failure(circuit)).Should().Match<EndpointException>(e => e.Reason == "circuit-open" && e.IsTransient && e.IsUnavailable);
        inner.Sent.Should().HaveCount(4, "an open circuit sends nothing");

        _time.Pass(TimeSpan.FromSeconds(5));
        (await Failure(circuit)).Reason.Should().Be("503", "one request goes out to look");
        (await Failure(circuit)).Reason.Should().Be("circuit-open", "and finds it still away");
        inner.Sent.Should().HaveCount(5);

        _time.Pass(TimeSpan.FromSeconds(5));
        _isAway = false;
        await circuit.Send(Endpoints.Request(), default);
        await circuit.Send(Endpoints.Request(), default);
        inner.Sent.Should().HaveCount(7);
    }

    [Theory]
    [InlineData(0, 30, 20, 5, 120, "the circuit's failure ratio is 0; it must be above 0 and at most 1")]
    [InlineData(0.5, 0.1, 20, 5, 120, "the circuit's window in seconds is 0.1; it must be from 0.5 to 86400")]
    [InlineData(0.5, 30, 1, 5, 120, "the circuit counts from 1 requests on; it must be from 2 on")]
    [InlineData(0.5, 30, 20, 0, 120, "the circuit's break in seconds is 0; it must be from 0.5 to 86400")]
    [InlineData(0.5, 30, 20, 5, -1, "the patience with an open circuit is -00:00:01; it must be 0 or more")]
    public void An_option_out_of_range_is_refused(double ratio, double window, int least, double pause, double patience, string sentence)
    {
        var options = new CircuitOptions
        {
            FailureRatio = ratio,
            Window = TimeSpan.FromSeconds(window),
            LeastRequests = least,
            Break = TimeSpan.FromSeconds(pause),
            Patience = TimeSpan.FromSeconds(patience),
        };

        FluentActions.Invoking(() => new AccountCircuit(options)).Should().Throw<ArgumentException>().WithMessage($"{sentence}*");
        new CircuitOptions().Problem().Should().BeNull();
    }

    [Fact]
    public async Task While_one_request_looks_the_others_wait()
    {
        var looking = new TaskCompletionSource<EndpointResponse>();
        var inner = new WaitingEndpoint(Endpoint(), looking.Task);
        var circuit = Circuit(inner, Options);
        for (var i = 0; i < 4; i++)
            await Failure(circuit);
        _time.Pass(TimeSpan.FromSeconds(5));
        inner.Waits = true;

        var first = circuit.Send(Endpoints.Request(), default).AsTask();
        (await Failure(circuit)).Reason.Should().Be("circuit-open");
        looking.SetResult(ScriptedEndpoint.Answer(Endpoints.Request()));

        (await first).Endpoint.Should().Be("local");
        await circuit.Send(Endpoints.Request(), default);
    }

    [Theory]
    [InlineData("429", true)]
    [InlineData("401", false)]
    [InlineData("400", false)]
    public async Task A_full_quota_or_a_wrong_setting_opens_no_circuit(string reason, bool isTransient)
    {
        var inner = new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails(reason, isTransient));
        var circuit = Circuit(inner, Options);

        for (var i = 0; i < 20; i++)
            (await Failure(circuit)).Reason.Should().Be(reason);

        inner.Sent.Should().HaveCount(20);
    }

    [Fact]
    public async Task Without_a_fallback_a_request_waits_for_the_circuit_to_close()
    {
        var inner = Endpoint();
        var circuit = Circuit(inner, Options with { Patience = TimeSpan.FromSeconds(60) });
        for (var i = 0; i < 4; i++)
            await Failure(circuit);

        var sending = circuit.Send(Endpoints.Request(), default).AsTask();
        sending.IsCompleted.Should().BeFalse();
        inner.Sent.Should().HaveCount(4);
        _isAway = false;
        _time.Pass(TimeSpan.FromSeconds(5));

        (await sending).Endpoint.Should().Be("local");
        inner.Sent.Should().HaveCount(5);
    }

    [Fact]
    public async Task Patience_with_an_open_circuit_has_an_end()
    {
        var looking = new TaskCompletionSource<EndpointResponse>();
        var inner = new WaitingEndpoint(Endpoint(), looking.Task);
        var circuit = Circuit(inner, Options with { Patience = TimeSpan.FromSeconds(12) });
        for (var i = 0; i < 4; i++)
            await Failure(circuit);
        _time.Pass(TimeSpan.FromSeconds(5));
        inner.Waits = true;
        var first = circuit.Send(Endpoints.Request(), default).AsTask();

        var waiting = circuit.Send(Endpoints.Request(), default).AsTask();
        _time.Pass(TimeSpan.FromSeconds(30));

        var failure = await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<EndpointException>();
        failure.Which.Message.Should().Be("endpoint \"local\" is away and is being left alone; it did not come back within 10 s");
        looking.SetResult(ScriptedEndpoint.Answer(Endpoints.Request()));
        await first;
    }

    [Fact]
    public async Task While_the_circuit_is_open_the_fallback_answers_in_its_own_form()
    {
        var other = Endpoints.Spec() with { Name = "other", Model = "m-2" };
        var fallback = new ScriptedEndpoint(other, r => ScriptedEndpoint.Answer(r, "other"));
        var account = Accounts.Holder(_time, leases: new LocalAccounts(_time, circuit: Options));
        var endpoint = new EndpointBuilder(Endpoint()).UseFallback(fallback).UseCircuit(account, Options, _time).Build();
        var request = Endpoints.Request() with { For = spec => Endpoints.Request($$"""{"model":"{{spec.Model}}"}""") };
        for (var i = 0; i < 4; i++)
            await Failure(endpoint);

        var response = await endpoint.Send(request, default);

        response.Endpoint.Should().Be("other");
        response.FailedTries.Should().Equal(new FailedTry("local", "circuit-open", 0));
        fallback.Sent.Single().Body.ToArray().Should().Equal("""{"model":"m-2"}"""u8.ToArray());
    }

    [Fact]
    public async Task A_wrong_key_goes_to_the_fallback_and_a_wrong_request_does_not()
    {
        var fallback = new ScriptedEndpoint(Endpoints.Spec() with { Name = "other" }, r => ScriptedEndpoint.Answer(r, "other"));
        var inner = new ScriptedEndpoint(
            Endpoints.Spec(),
            ScriptedEndpoint.Fails("401", isTransient: false, isUnavailable: true),
            ScriptedEndpoint.Fails("400", isTransient: false)
        );
        var endpoint = new FallbackEndpoint(inner, fallback);
        var request = Endpoints.Request() with { For = _ => Endpoints.Request() };

        (await endpoint.Send(request, default)).Endpoint.Should().Be("other");
        (await endpoint.Invoking(e => e.Send(request, default).AsTask()).Should().ThrowAsync<EndpointException>())
            .Which.Reason.Should()
            .Be("400");
        fallback.Sent.Should().ContainSingle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fallback_that_refuses_everything_is_no_refusal_while_the_first_is_only_away(bool isAway)
    {
        var inner = new ScriptedEndpoint(
            Endpoints.Spec(),
            ScriptedEndpoint.Fails("circuit-open", isTransient: isAway, isUnavailable: true)
        );
        var fallback = new ScriptedEndpoint(
            Endpoints.Spec() with
            {
                Name = "other",
            },
            ScriptedEndpoint.Fails("401", isTransient: false, isUnavailable: true, endpoint: "other")
        );
        var request = Endpoints.Request() with { For = _ => Endpoints.Request() };

        var failure = (
            await new FallbackEndpoint(inner, fallback)
                .Invoking(e => e.Send(request, default).AsTask())
                .Should()
                .ThrowAsync<EndpointException>()
        ).Which;

        failure.Should().Match<EndpointException>(e => e.Endpoint == "other" && e.IsTransient == isAway && e.IsRefusal == !isAway);
    }

    [Fact]
    public async Task Over_HTTP_the_fallback_is_asked_by_its_own_protocol_and_its_answer_is_priced_as_its_own()
    {
        await using var down = await ModelServer.Start(ModelServer.Fails(401, "invalid_api_key"));
        await using var up = await ModelServer.Start(
            ModelServer.Says(Replies.Response("""{"type":"message","content":[{"type":"output_text","text":"from the other"}]}"""))
        );
        var first = Endpoints.Spec(down.Url) with { Fallback = "other", Price = new(1, 1) };
        var second = Endpoints.Spec(up.Url) with
        {
            Name = "other",
            Model = "m-2",
            Protocol = EndpointProtocol.Responses,
            Price = new(10, 100, 1),
        };
        using var models = Endpoints.Models(Endpoints.Run(first, second));

        var response = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default);

        response.Message.Content.Should().Be("from the other");
        up.Seen.Single().Json["model"].Text.Should().Be("m-2");
        up.Seen.Single().Json["instructions"].Text.Should().Be("Be good.");
        var call = response.Calls.Single();
        (call.Endpoint, call.Cost).Should().Be(("other", ((10 * 36) + (1 * 64) + (100 * 20)) / 1_000_000m));
        call.FailedTries.Select(t => (t.Endpoint, t.Reason)).Should().Equal(("local", "401"));
    }

    private CircuitEndpoint Circuit(IEndpoint inner, CircuitOptions options)
    {
        // Continuations run inline where the test moves the clock, before it moves on.
        SynchronizationContext.SetSynchronizationContext(null);
        return Accounts.Circuit(inner, options, _time);
    }

    private ScriptedEndpoint Endpoint() =>
        new(Endpoints.Spec(), r => _isAway ? ScriptedEndpoint.Fails("503")(r) : ScriptedEndpoint.Answer(r));

    private static async Task<EndpointException> Failure(IEndpoint endpoint) =>
        (await endpoint.Invoking(e => e.Send(Endpoints.Request(), default).AsTask()).Should().ThrowAsync<EndpointException>()).Which;

    private sealed class WaitingEndpoint(IEndpoint inner, Task<EndpointResponse> response) : IEndpoint
    {
        public bool Waits { get; set; }

        public EndpointSpec Spec => inner.Spec;

        public ValueTask<EndpointResponse> Send(EndpointRequest request, CancellationToken cancellationToken) =>
            Waits ? new(response) : inner.Send(request, cancellationToken);
    }
}
