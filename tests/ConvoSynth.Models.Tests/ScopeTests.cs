using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConvoSynth.Models.Tests;

/// <summary>The scope of a failure: one dialogue, or all requests to the endpoint.</summary>
public sealed class ScopeTests
{
    private const string Poison = "the poisoned words";

    private readonly SteppedTime _time = new();

    [Theory]
    [InlineData(403, "text/html", "<html>Access denied by the firewall</html>")]
    [InlineData(403, "application/json", """{"message":"Forbidden"}""")]
    [InlineData(200, "application/json", """{"error":"words that nobody has a rule for"}""")]
    [InlineData(500, "application/json", """{"error":"words that nobody has a rule for"}""")]
    public async Task What_the_endpoint_does_not_take_of_one_dialogue_is_that_dialogue_s(int status, string type, string body)
    {
        await using var server = await ModelServer.Start(c => Answer(c, ModelServer.Says(body, status, type)));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        var failure = await Failure(models, Poison);

        failure.Should().Match<EndpointException>(e => !e.IsTransient && !e.IsUnavailable && !e.IsRefusal);
        failure.Message.Should().EndWith("and answers others; something in the dialogue does not pass");
        (await models.Agent.Respond(Endpoints.Ask(Message.User("harmless")), default)).Message.Content.Should().Be("fine");
    }

    [Fact]
    public async Task A_request_that_is_not_accepted_while_others_are_says_so()
    {
        await using var server = await ModelServer.Start(c => Answer(c, ModelServer.Fails(422)));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        (await Failure(models, Poison))
            .Message.Should()
            .StartWith("endpoint \"local\" does not accept the request (422")
            .And.EndWith("it may be something in this dialogue that does not pass");
    }

    [Fact]
    public async Task What_the_endpoint_refuses_of_all_is_the_endpoint_s()
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(403));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        (await Failure(models, "harmless")).IsRefusal.Should().BeTrue();
    }

    [Fact]
    public async Task Many_that_are_refused_at_a_time_share_one_question()
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(401));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        var failures = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Failure(models, "harmless")));

        failures.Should().OnlyContain(e => e.IsRefusal);
        server.Seen.Count.Should().BeInRange(41, 80);
    }

    [Fact]
    public async Task A_full_quota_is_nobody_s_words()
    {
        await using var server = await ModelServer.Start(c => Answer(c, ModelServer.Fails(429, "rate_limit_exceeded")));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        await FluentActions
            .Awaiting(() => models.Agent.Respond(Endpoints.Ask(Message.User(Poison)), default).AsTask())
            .Should()
            .ThrowAsync<TransientModelException>();
    }

    [Fact]
    public async Task A_dialogue_that_fails_while_others_are_answered_opens_no_circuit()
    {
        var options = new CircuitOptions
        {
            LeastRequests = 4,
            Break = TimeSpan.FromSeconds(5),
            Patience = TimeSpan.Zero,
        };
        var circuit = Accounts.Circuit(
            new ScriptedEndpoint(
                Endpoints.Spec(),
                r => r.Key.Dialogue.Index == 0 ? ScriptedEndpoint.Fails("500")(r) : ScriptedEndpoint.Answer(r)
            ),
            options,
            _time
        );
        for (var i = 1; i < 100; i++)
        {
            for (var again = 0; again < 3; again++)
                await Failed(circuit, 0);
            await circuit.Send(Of(i), default);
        }
    }

    [Fact]
    public async Task A_dialogue_that_fails_while_others_are_answered_is_tried_again_without_long_waits_and_without_a_question()
    {
        var questions = 0;
        var circuit = Accounts.Circuit(
            new ScriptedEndpoint(
                Endpoints.Spec(),
                r => r.Key.Dialogue.Index == 0 ? ScriptedEndpoint.Fails("500")(r) : ScriptedEndpoint.Answer(r)
            ),
            new(),
            _time
        );
        var endpoint = new ScopedEndpoint(
            new RetryEndpoint(circuit, new(), new(1), _time, NullLogger.Instance),
            () =>
            {
                questions++;
                return Task.FromResult(true);
            }
        );
        await circuit.Send(Of(1), default);

        var sending = endpoint.Send(Of(0), default).AsTask();
        for (var i = 0; i < 20; i++)
        {
            _time.Pass(TimeSpan.FromSeconds(0.05));
            await circuit.Send(Of(1), default);
        }

        sending.IsCompleted.Should().BeTrue("six further tries take no second");
        (await FluentActions.Awaiting(() => sending).Should().ThrowAsync<EndpointException>())
            .Which.Should()
            .Match<EndpointException>(e => !e.IsTransient && e.FailedTries.Length == 6);
        questions.Should().Be(0);
    }

    [Fact]
    public async Task A_request_that_fails_while_others_are_answered_lends_its_permit()
    {
        var lent = 0;
        var circuit = Accounts.Circuit(
            new ScriptedEndpoint(
                Endpoints.Spec(),
                r => r.Key.Dialogue.Index == 0 ? ScriptedEndpoint.Fails("error")(r) : ScriptedEndpoint.Answer(r)
            ),
            new(),
            _time
        );
        var endpoint = new RetryEndpoint(circuit, new(), new(1), _time, NullLogger.Instance);
        await circuit.Send(Of(1), default);

        var sending = endpoint.Send(Of(0) with { LendPermit = () => lent++ }, default).AsTask();

        lent.Should().Be(1);
        while (!sending.IsCompleted)
        {
            _time.Pass(TimeSpan.FromSeconds(0.1));
            await circuit.Send(Of(1), default);
        }

        lent.Should().Be(6, "it is told before each further try");
        await sending.Invoking(s => s).Should().ThrowAsync<EndpointException>();
    }

    [Fact]
    public async Task A_request_to_an_endpoint_that_answers_nobody_keeps_its_permit()
    {
        var lent = 0;
        var circuit = Accounts.Circuit(new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("500")), new(), _time);
        var endpoint = new RetryEndpoint(circuit, new(), new(1), _time, NullLogger.Instance);

        var sending = endpoint.Send(Of(0) with { LendPermit = () => lent++ }, default).AsTask();
        while (!sending.IsCompleted)
            _time.Pass(TimeSpan.FromSeconds(30));

        await sending.Invoking(s => s).Should().ThrowAsync<EndpointException>();
        lent.Should().Be(0);
    }

    [Fact]
    public async Task A_request_that_waits_for_the_probe_lends_its_permit()
    {
        var answers = new TaskCompletionSource<bool>();
        var lent = 0;
        var endpoint = new ScopedEndpoint(
            new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("403", isTransient: false, isUnavailable: true)),
            () => answers.Task
        );

        var sending = endpoint.Send(Of(0) with { LendPermit = () => lent++ }, default).AsTask();

        lent.Should().Be(1);
        answers.SetResult(true);
        (await sending.Invoking(s => s).Should().ThrowAsync<EndpointException>()).Which.IsRefusal.Should().BeFalse();
    }

    [Fact]
    public async Task An_endpoint_that_answers_nobody_opens_it_however_few_dialogues_there_are()
    {
        var options = new CircuitOptions
        {
            LeastRequests = 4,
            Break = TimeSpan.FromSeconds(5),
            Patience = TimeSpan.Zero,
        };
        var circuit = Accounts.Circuit(new ScriptedEndpoint(Endpoints.Spec(), ScriptedEndpoint.Fails("500")), options, _time);

        for (var i = 0; i < 4; i++)
            (await Failed(circuit, i % 2)).Reason.Should().Be("500");

        (await Failed(circuit, 0)).Reason.Should().Be("circuit-open");
    }

    // The server refuses only the agent's poisoned request.
    private static async Task Answer(HttpContext context, Func<HttpContext, Task> poisoned)
    {
        context.Request.Body.Position = 0;
        using var reader = new StreamReader(context.Request.Body);
        await ((await reader.ReadToEndAsync()).Contains(Poison, StringComparison.Ordinal) ? poisoned : ModelServer.Chat("fine"))(context);
    }

    private static async Task<EndpointException> Failure(EndpointModels models, string words)
    {
        for (var round = 0; ; round++)
        {
            try
            {
                await models.Agent.Respond(Endpoints.Ask(Message.User(words)), default);
            }
            catch (TransientModelException) when (round < 3)
            {
                continue; // Retry, as a dialogue does.
            }
            catch (EndpointException e)
            {
                return e;
            }

            throw new InvalidOperationException("the request was answered");
        }
    }

    private static EndpointRequest Of(long index) => Endpoints.Request() with { Key = new(new("run", index, 0), "agent", 0) };

    private static async Task<EndpointException> Failed(IEndpoint endpoint, long index) =>
        (await endpoint.Invoking(e => e.Send(Of(index), default).AsTask()).Should().ThrowAsync<EndpointException>()).Which;
}
