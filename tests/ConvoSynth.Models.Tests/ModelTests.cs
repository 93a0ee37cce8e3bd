using System.Collections.Concurrent;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Journal;
using Microsoft.Extensions.Logging;

namespace ConvoSynth.Models.Tests;

/// <summary>Roles on endpoints, and the journal between them.</summary>
public sealed class ModelTests
{
    private readonly MemoryJournal _journal = new();

    [Fact]
    public async Task A_call_is_asked_for_once_and_comes_from_the_journal_thereafter()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("first"), ModelServer.Chat("second"));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url) with { Price = new(1, 2) }));
        var request = Endpoints.Ask(Message.User("hi")) with { Journal = _journal };

        var asked = await models.Agent.Respond(request, default);
        var replayed = await models.Agent.Respond(request, default);

        server.Seen.Should().ContainSingle();
        replayed.Should().BeEquivalentTo(asked);
        asked
            .Calls.Single()
            .Should()
            .BeEquivalentTo(
                new
                {
                    Role = "agent",
                    Endpoint = "local",
                    Usage = new Usage(100, 64, 20, 7),
                    Cost = (decimal?)0.00014m,
                }
            );
        _journal
            .Calls.Single()
            .Value.Should()
            .BeEquivalentTo(
                new
                {
                    Key = new CallKey(new("run", 3, 1), "agent", 2),
                    RequestHash = JournaledEndpoint.HashOf("local", System.Text.Encoding.UTF8.GetBytes(server.Seen[0].Body)),
                    Body = Replies.Chat("first"),
                }
            );
    }

    [Theory]
    [InlineData(EndpointProtocol.Chat)]
    [InlineData(EndpointProtocol.Responses)]
    public async Task The_tier_that_served_and_cache_writes_are_counted_and_priced(EndpointProtocol protocol)
    {
        var body = (
            protocol == EndpointProtocol.Chat
                ? Replies.Chat("hello")
                : Replies.Response("""{"type":"message","content":[{"type":"output_text","text":"hello"}]}""")
        )
            .Replace("\"cached_tokens\":64", "\"cached_tokens\":64,\"cache_write_tokens\":32", StringComparison.Ordinal)
            .Replace("{\"id\"", "{\"service_tier\":\"flex\",\"id\"", StringComparison.Ordinal);
        await using var server = await ModelServer.Start(ModelServer.Says(body));
        using var models = Endpoints.Models(
            Endpoints.Run(Endpoints.Spec(server.Url) with { Protocol = protocol, ServiceTier = "flex", Price = new(1, 2, 0, 10) })
        );
        var request = Endpoints.Ask(Message.User("hi")) with { Journal = _journal };

        var asked = await models.Agent.Respond(request, default);
        var replayed = await models.Agent.Respond(request, default);

        server.Seen.Single().Json["service_tier"].Text.Should().Be("flex");
        (asked.Usage, asked.Calls.Single().ServiceTier).Should().Be((new Usage(100, 64, 20, 7) { CacheWriteTokens = 32 }, "flex"));
        asked.Calls.Single().Cost.Should().Be((4m + 320 + 40) / 1_000_000, "4 tokens of input, 32 written to the cache and 20 of output");
        replayed.Should().BeEquivalentTo(asked);
    }

    [Fact]
    public void The_journal_writes_of_a_call_what_it_always_wrote()
    {
        var call = new ModelCall("agent", "local", new(100, 64, 20, 7), 0.5m, 0.25);

        JournalText
            .Write(
                new()
                {
                    Key = new(new("run", 3, 1), "agent", 2),
                    RequestHash = "h",
                    Body = "{}",
                    Call = call,
                }
            )
            .Should()
            .Be(
                """{"role":"agent","endpoint":"local","usage":{"input_tokens":100,"cached_tokens":64,"output_tokens":20"""
                    + ""","reasoning_tokens":7},"cost":0.5,"seconds":0.25,"failed_tries":[]}"""
                    + "\n{}"
            );
    }

    [Fact]
    public async Task A_changed_prompt_and_another_candidate_are_other_calls()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("first"), ModelServer.Chat("second"), ModelServer.Chat("third"));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));
        var request = Endpoints.Ask(Message.User("hi")) with { Journal = _journal };

        await models.Agent.Respond(request, default);
        var changed = await models.Agent.Respond(request with { System = "Be better." }, default);
        var candidate = await models.Agent.Respond(request, "candidate-1", default);

        (changed.Message.Content, candidate.Message.Content).Should().Be(("second", "third"));
        _journal.Calls.Keys.Select(k => k.Key.Part).Should().BeEquivalentTo("", "", "candidate-1");
    }

    [Fact]
    public async Task A_body_that_a_failed_try_may_still_be_sending_is_not_written_over_by_the_next_request()
    {
        var spec = Endpoints.Spec();
        var inner = new ScriptedEndpoint(
            spec,
            r => ScriptedEndpoint.Answer(r) with { FailedTries = [new("local", "timeout", 1)] },
            r => ScriptedEndpoint.Answer(r)
        );
        var endpoint = new JournaledEndpoint(inner, new Dictionary<string, EndpointSpec>(StringComparer.Ordinal) { [spec.Name] = spec });
        CallKey key = new(new("run", 3, 1), "agent", 2);

        await endpoint.Ask(key, new() { System = "Be good.", Messages = [Message.User("first")] }, null, default);
        await endpoint.Ask(key, new() { System = "Be good.", Messages = [Message.User("other")] }, null, default);

        System.Text.Encoding.UTF8.GetString(inner.Sent[0].Body.Span).Should().Contain("first");
    }

    [Fact]
    public async Task No_answer_is_used_that_the_journal_could_not_keep()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("paid for"));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));
        _journal.IsFull = true;

        var responding = models.Agent.Respond(Endpoints.Ask(Message.User("hi")) with { Journal = _journal }, default).AsTask();

        await FluentActions.Awaiting(() => responding).Should().ThrowAsync<IOException>();
        server.Seen.Should().ContainSingle();
    }

    [Fact]
    public async Task An_answer_that_comes_when_nobody_waits_any_more_is_kept_all_the_same()
    {
        using var giveUp = new CancellationTokenSource();
        var endpoint = new ScriptedEndpoint(
            Endpoints.Spec(),
            r =>
            {
                giveUp.Cancel();
                return ScriptedEndpoint.Answer(r);
            }
        );
        var model = new EndpointModel(
            new(endpoint, new Dictionary<string, EndpointSpec>(StringComparer.Ordinal) { ["local"] = endpoint.Spec })
        );

        await model.Respond(Endpoints.Ask(Message.User("hi")) with { Journal = _journal }, giveUp.Token);

        _journal.Calls.Should().ContainSingle();
    }

    [Fact]
    public async Task The_answer_that_was_there_first_stands()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("second"));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));
        _journal.First = call => call with { Body = Replies.Chat("first") };

        var response = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")) with { Journal = _journal }, default);

        response.Message.Content.Should().Be("first");
    }

    [Fact]
    public async Task Only_the_test_endpoint_is_told_which_dialogue_it_is()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(
                Replies.Chat("x").Replace("{\"id\":\"c-1\"", "{\"convosynth_planted_fault\":\"wrong-claim\"", StringComparison.Ordinal)
            )
        );
        var spec = Endpoints.Spec(server.Url);
        var run = Endpoints.Run(spec) with { FaultRate = 0.25, Data = "/data" };
        using var real = Endpoints.Models(run with { Endpoints = [spec, spec with { Name = "test", Rehearsal = true }] });
        using var rehearsal = Endpoints.Models(
            run with
            {
                Endpoints = [spec with { Rehearsal = true }],
                Roles = run.Roles! with { HumanCandidates = 4 },
            }
        );

        var told = await real.Agent.Respond(Endpoints.Ask(Message.User("hi")), default);
        var played = await rehearsal.Human.Respond(
            Endpoints.Ask(Message.User("hi")) with
            {
                Role = ModelRole.Human,
            },
            "candidate-2",
            default
        );

        server.Seen[0].Json["metadata"].IsNull.Should().BeTrue();
        server
            .Seen[1]
            .Json["metadata"]
            .Should()
            .Be(
                Json.Parse(
                    """
                    {"convosynth_run":"run","convosynth_domains":"library,retail","convosynth_seed":"7","convosynth_count":"10",
                     "convosynth_fault_rate":"0.25","convosynth_candidates":"4","convosynth_data":"/data","convosynth_index":"3",
                     "convosynth_attempt":"1","convosynth_role":"human","convosynth_step":"2","convosynth_part":"candidate-2"}
                    """
                )
            );
        (told.PlantedFault, played.PlantedFault).Should().Be((null, "wrong-claim"));
    }

    [Fact]
    public async Task Neither_key_nor_prompt_nor_answer_is_in_a_log_above_trace()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Fails(500),
            ModelServer.Cuts,
            ModelServer.Fails(401, "invalid_api_key"),
            ModelServer.Chat("the answer's words")
        );
        using var logs = new MemoryLogs();
        using var models = Endpoints.Models(
            Endpoints.Run(Endpoints.Spec(server.Url) with { KeyVariable = "MY_KEY" }),
            new() { Time = TimeProvider.System, Logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)) }
        );
        var request = Endpoints.Ask(Message.User("the prompt's words"));

        var failure = await models.Agent.Invoking(a => a.Respond(request, default).AsTask()).Should().ThrowAsync<EndpointException>();
        await models.Agent.Respond(request, default);

        var secrets = new[] { Endpoints.Key, "prompt's words", "answer's words", "sk-secret" };
        var above = string.Join('\n', logs.Lines.Where(l => l.Level > LogLevel.Trace).Select(l => l.Text));
        above.Should().Contain("local failed with 500").And.Contain("local failed with cut").And.NotContainAny(secrets);
        failure.Which.ToString().Should().NotContainAny(secrets);
        logs.Lines.Where(l => l.Level == LogLevel.Trace)
            .Select(l => l.Text)
            .Should()
            .Contain(l => l.Contains("prompt's words"))
            .And.Contain(l => l.Contains("answer's words"))
            .And.NotContain(l => l.Contains(Endpoints.Key));
    }

    [Fact]
    public async Task An_answer_that_will_not_do_is_asked_for_again_with_the_reason()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Chat("I think so."),
            ModelServer.Chat("{\"yes\": 1}"),
            ModelServer.Chat("{\"yes\": false}"),
            ModelServer.Chat("```json\n{\"yes\": true}\n```")
        );
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        var response = await models.Structured("local").Ask(Question with { Repairs = 3, Journal = _journal }, default);

        response.Should().BeEquivalentTo(new { Value = Json.Map(("yes", true)), Problem = (string?)null });
        response.Calls.Should().HaveCount(4);
        _journal.Calls.Keys.Select(k => k.Key.Part).Should().BeEquivalentTo("", "repair-1", "repair-2", "repair-3");
        server
            .Seen.Skip(1)
            .Select(s => s.Json["messages"].Items[^1]["content"].Text)
            .Should()
            .Equal(
                "That will not do: the answer is no JSON (not JSON at byte 0: 'I' is an invalid start of a "
                    + "value.). Answer again, with the JSON object alone.",
                "That will not do: the answer.yes must be boolean. Answer again, with the JSON object alone.",
                "That will not do: it is always yes. Answer again, with the JSON object alone."
            );
    }

    [Theory]
    [InlineData("context_length_exceeded", "the question is longer than the model \"m-1\" takes")]
    [InlineData("content_filter", "the provider's filter does not let the question through")]
    public async Task A_question_that_the_endpoint_does_not_take_is_not_repeated(string code, string problem)
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(400, code));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        var response = await models.Structured("local").Ask(Question with { Repairs = 3 }, default);

        (response.Value, response.Problem).Should().Be((null, problem));
        server.Seen.Should().ContainSingle();
    }

    [Fact]
    public async Task An_empty_answer_is_asked_for_again_in_a_form_that_every_server_takes()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat(""), ModelServer.Chat("""{"yes":true}"""));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        (await models.Structured("local").Ask(Question, default)).Value.Should().Be(Json.Map(("yes", true)));

        server
            .Seen[1]
            .Json["messages"]
            .Items.Select(m => m["content"].Text)
            .Should()
            .NotContain("")
            .And.Contain("That will not do: the answer is empty. Answer again, with the JSON object alone.");
    }

    [Fact]
    public async Task Repairs_have_an_end()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("{\"no\": 1}"));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        var response = await models.Structured("local").Ask(Question with { Repairs = 1 }, default);

        (response.Value, response.Problem).Should().Be((null, "the answer lacks \"yes\""));
        server.Seen.Should().HaveCount(2);
    }

    private static StructuredRequest Question =>
        new()
        {
            Key = new(new("run", 1, 0), "judge:local", 0),
            System = "s",
            User = "Is it?",
            SchemaName = "verdict",
            Schema = Json.Parse(
                """{"type":"object","properties":{"yes":{"type":"boolean"}},"required":["yes"],"additionalProperties":false}"""
            ),
            Problem = static a => a["yes"].Flag == true ? null : "it is always yes",
        };

    private sealed class MemoryLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue((logLevel, formatter(state, exception) + exception));

        public void Dispose() { }
    }
}

/// <summary>A journal in memory, with the contract of a real one.</summary>
internal sealed class MemoryJournal : IJournal
{
    public Dictionary<(CallKey Key, string Hash), JournaledCall> Calls { get; } = [];

    public bool IsFull { get; set; }

    /// <summary>Returns the call that wins; a test may return another writer's instead of the given one.</summary>
    public Func<JournaledCall, JournaledCall> First { get; set; } = static call => call;

    public ValueTask<JournaledCall?> Find(CallKey key, string requestHash, CancellationToken cancellationToken) =>
        new(Calls.GetValueOrDefault((key, requestHash)));

    public ValueTask<JournaledCall> Append(JournaledCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsFull)
            throw new IOException("no space is left");
        return new(Calls[(call.Key, call.RequestHash)] = First(call));
    }
}
