using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Models.Tests;

/// <summary>Which failures are retried, when, and how often.</summary>
public sealed class RetryTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_and_recorded()
    {
        var inner = new ScriptedEndpoint(
            Endpoints.Spec(),
            ScriptedEndpoint.Fails("503"),
            ScriptedEndpoint.Fails("cut"),
            r => ScriptedEndpoint.Answer(r)
        );

        var response = await Sent(Retry(inner).Send(Endpoints.Request(), default));

        inner.Sent.Should().HaveCount(3);
        response.FailedTries.Should().Equal(new FailedTry("local", "503", 0.5), new FailedTry("local", "cut", 0.5));
    }

    [Fact]
    public async Task What_will_not_pass_is_not_tried_again()
    {
        var inner = new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("401", isTransient: false));

        var failure = await Failed(Retry(inner).Send(Endpoints.Request(), default));

        inner.Sent.Should().ContainSingle();
        failure.Reason.Should().Be("401");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    public async Task There_are_as_many_further_tries_as_the_endpoint_allows(int retries)
    {
        var inner = new ScriptedEndpoint(Endpoints.Spec() with { Retries = retries }, ScriptedEndpoint.Fails("500"));

        var failure = await Failed(Retry(inner).Send(Endpoints.Request(), default));

        inner.Sent.Should().HaveCount(retries + 1);
        failure.FailedTries.Should().HaveCount(retries, "the last failure is the exception itself");
        failure.IsTransient.Should().BeTrue();
    }

    [Fact]
    public async Task Delays_are_uniform_below_a_bound_that_doubles()
    {
        var delays = new List<double>[4];
        for (var i = 0; i < delays.Length; i++)
            delays[i] = [];
        for (ulong seed = 0; seed < 300; seed++)
        {
            var at = new List<long>();
            var inner = new ScriptedEndpoint(
                Endpoints.Spec() with
                {
                    Retries = 4,
                },
                r =>
                {
                    at.Add(_time.GetTimestamp());
                    return ScriptedEndpoint.Fails("500")(r);
                }
            );
            await Failed(Retry(inner, seed).Send(Endpoints.Request(), default));
            for (var i = 0; i < 4; i++)
                delays[i].Add(_time.GetElapsedTime(at[i], at[i + 1]).TotalSeconds);
        }

        for (var i = 0; i < 4; i++)
        {
            var bound = Math.Pow(2, i);
            delays[i].Max().Should().BeLessThan(bound).And.BeGreaterThan(bound * 0.95);
            delays[i].Min().Should().BeLessThan(bound * 0.05);
            delays[i].Average().Should().BeApproximately(bound / 2, bound * 0.06, "uniform from zero, not around the bound");
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_delays()
    {
        TimeSpan First(ulong seed)
        {
            var inner = new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("500"), r => ScriptedEndpoint.Answer(r));
            var sending = Retry(inner, seed).Send(Endpoints.Request(), default);
            var began = _time.GetTimestamp();
            while (!sending.IsCompleted)
                _time.Pass(TimeSpan.FromMilliseconds(1));
            return _time.GetElapsedTime(began);
        }

        First(5).Should().Be(First(5));
        First(5).Should().NotBe(First(6));
    }

    [Fact]
    public async Task What_the_endpoint_asks_for_is_waited_at_least()
    {
        var inner = new ScriptedEndpoint(
            Endpoints.Spec(),
            ScriptedEndpoint.Fails("429", retryAfter: TimeSpan.FromSeconds(20)),
            r => ScriptedEndpoint.Answer(r)
        );
        var sending = Retry(inner).Send(Endpoints.Request(), default).AsTask();

        _time.Pass(TimeSpan.FromSeconds(19.9));
        inner.Sent.Should().ContainSingle();
        _time.Pass(TimeSpan.FromSeconds(1.1));

        (await sending).FailedTries.Should().ContainSingle();
    }

    [Fact]
    public async Task An_endpoint_that_asks_for_hours_counts_as_away()
    {
        var inner = new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("429", retryAfter: TimeSpan.FromHours(3)));

        var failure = await Failed(Retry(inner).Send(Endpoints.Request(), default));

        inner.Sent.Should().ContainSingle();
        failure.IsTransient.Should().BeTrue();
    }

    [Fact]
    public async Task Patience_has_an_end_before_the_tries_have()
    {
        var inner = new ScriptedEndpoint(
            Endpoints.Spec() with
            {
                Retries = 20,
            },
            _ => throw new EndpointException("local", "timeout", "no answer") { IsTransient = true, Seconds = 100 }
        );

        await Failed(Retry(inner).Send(Endpoints.Request(), default));

        inner.Sent.Should().HaveCount(3, "after three tries of 100 s each, four minutes are over");
    }

    [Fact]
    public async Task A_dialogue_that_is_given_up_waits_no_longer()
    {
        using var giveUp = new CancellationTokenSource();
        var inner = new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("500"));
        var sending = Retry(inner).Send(Endpoints.Request(), giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => sending).Should().ThrowAsync<OperationCanceledException>();
        inner.Sent.Should().ContainSingle();
    }

    [Fact]
    public async Task Over_HTTP_every_kind_of_failure_that_may_pass_is_tried_again()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Fails(500),
            ModelServer.Fails(429, "rate_limit_exceeded", ("retry-after-ms", "1")),
            ModelServer.Cuts,
            ModelServer.Says("{\"choices\":["),
            ModelServer.Says("<html></html>", type: "text/html"),
            ModelServer.Fails(503),
            ModelServer.Chat("at last")
        );
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        var response = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default);

        response.Message.Content.Should().Be("at last");
        response.Calls.Single().FailedTries.Select(t => t.Reason).Should().Equal("500", "429", "cut", "malformed", "content-type", "503");
        server.Seen.Select(s => s.Body).Distinct(StringComparer.Ordinal).Should().ContainSingle("each try sends the same bytes");
    }

    [Fact]
    public async Task When_all_tries_have_failed_the_model_says_that_it_may_pass_and_what_was_tried()
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(503));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url) with { Retries = 2 }));

        var failure = await models
            .Agent.Invoking(a => a.Respond(Endpoints.Ask(Message.User("hi")), default).AsTask())
            .Should()
            .ThrowAsync<TransientModelException>();

        failure.Which.Message.Should().Be("endpoint \"local\" failed (503, some_error)");
        failure.Which.FailedTries.Select(t => t.Reason).Should().Equal("503", "503", "503");
    }

    [Fact]
    public async Task Callers_go_on_where_they_were()
    {
        // Stands in for a grain's scheduler: the continuation of a delay must return to it.
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var seen = new List<TaskScheduler>();
        var watched = new ScriptedEndpoint(
            Endpoints.Spec(),
            r =>
            {
                seen.Add(TaskScheduler.Current);
                return seen.Count < 3 ? ScriptedEndpoint.Fails("500")(r) : ScriptedEndpoint.Answer(r);
            }
        );
        var retry = new RetryEndpoint(
            Accounts.Circuit(watched, new(), TimeProvider.System),
            new() { FirstDelay = TimeSpan.FromMilliseconds(1) },
            new(1),
            TimeProvider.System,
            NullLogger.Instance
        );

        await Task
            .Factory.StartNew(
                () => retry.Send(Endpoints.Request(), default).AsTask(),
                CancellationToken.None,
                TaskCreationOptions.None,
                scheduler
            )
            .Unwrap();

        seen.Should().HaveCount(3).And.OnlyContain(s => s == scheduler);
    }

    private RetryEndpoint Retry(IEndpoint inner, ulong seed = 1)
    {
        // Continuations run inline where the test moves the clock, before it moves on.
        SynchronizationContext.SetSynchronizationContext(null);
        return new(inner, new(), new(seed), _time, NullLogger.Instance);
    }

    private async Task<EndpointResponse> Sent(ValueTask<EndpointResponse> sending)
    {
        var task = sending.AsTask();
        for (var i = 0; i < 1000 && !task.IsCompleted; i++)
            _time.Pass(TimeSpan.FromSeconds(1));
        return await task;
    }

    private async Task<EndpointException> Failed(ValueTask<EndpointResponse> sending) =>
        (await FluentActions.Awaiting(() => Sent(sending)).Should().ThrowAsync<EndpointException>()).Which;
}
