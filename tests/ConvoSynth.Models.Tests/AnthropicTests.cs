using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Endpoints;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Models.Tests;

/// <summary>Roles on Anthropic's Messages, over HTTP against a server in this process.</summary>
public sealed class AnthropicTests
{
    private const string Thinking = """{"type":"thinking","thinking":"The order is W1 – «mine».","signature":"EuYBCkQYAiJA+/=="}""";
    private const string Redacted = """{"type":"redacted_thinking","data":"EmwKAhgB"}""";
    private const string CallOne = """{"type":"tool_use","id":"toolu_01","name":"cancel_order","input":{"order_id":"W1","share":2}}""";
    private const string CallTwo = """{"type":"tool_use","id":"toolu_02","name":"cancel_order","input":{"order_id":"W2"}}""";

    private readonly MemoryJournal _journal = new();

    [Fact]
    public async Task A_conversation_with_tools_sends_every_block_back_as_it_came()
    {
        await using var server = await ModelServer.Start(
            Says($"{Thinking},{Redacted},{Text("One moment.")},{CallOne},{CallTwo}", "tool_use"),
            Says($"{Thinking},{Text("Both are cancelled.")}"),
            Says(Text("Goodbye."))
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url)));
        List<Message> messages = [Message.User("Cancel W1 and W2.")];

        var first = await Respond(models, messages, 0);
        messages.AddRange([
            first.Message,
            Message.Observation(first.Message.ToolCalls[0], "done"),
            Message.Observation(first.Message.ToolCalls[1], "{\"error\":\"shipped\"}"),
        ]);
        var second = await Respond(models, messages, 1);
        messages.AddRange([second.Message, Message.User("Thanks.")]);
        var third = await Respond(models, messages, 2);

        first.Finish.Should().Be(FinishReason.ToolCalls);
        (first.Message.Content, first.Model).Should().Be(("One moment.", "claude-2026"));
        first
            .Message.ToolCalls.Should()
            .Equal(
                new ToolCall("toolu_01", "cancel_order", """{"order_id":"W1","share":2}"""),
                new ToolCall("toolu_02", "cancel_order", """{"order_id":"W2"}""")
            );
        (second.Finish, third.Finish, third.Message.Content).Should().Be((FinishReason.Stop, FinishReason.Stop, "Goodbye."));
        var sent = server.Seen[2].Json["messages"].Items;
        sent.Select(m => m["role"].Text).Should().Equal("user", "assistant", "user", "assistant", "user");
        sent[1]["content"].ToString().Should().Be($"[{Thinking},{Redacted},{Text("One moment.")},{CallOne},{CallTwo}]");
        sent[2]
            ["content"]
            .Should()
            .Be(
                Json.Parse(
                    """[{"type":"tool_result","tool_use_id":"toolu_01","content":"done"}"""
                        + """,{"type":"tool_result","tool_use_id":"toolu_02","content":"{\"error\":\"shipped\"}"}]"""
                )
            );
        sent[3]["content"].ToString().Should().Be($"[{Thinking},{Text("Both are cancelled.")}]");
        server
            .Seen.Should()
            .OnlyContain(s =>
                s.Path == "/v1/messages"
                && s.Headers.Values.Any(v => v.EndsWith(Endpoints.Key, StringComparison.Ordinal))
                && s.Headers.ContainsKey("anthropic-version")
            );
    }

    [Fact]
    public async Task A_request_says_what_the_spec_wants()
    {
        await using var server = await ModelServer.Start(Says(Text("hello")));
        var spec = Spec(server.Url + "/v1/") with
        {
            ParallelToolCalls = false,
            StrictTools = true,
            MaxOutputTokens = 99,
            ReasoningEffort = "low",
            ServiceTier = "standard_only",
            Body = Json.Parse("""{"cache_control":{"type":"ephemeral"}}"""),
        };
        using var models = Endpoints.Models(Endpoints.Run(spec));

        await Respond(models, [Message.User("hi")], 0);

        var sent = server.Seen.Single().Json;
        (sent["model"].Text, sent["system"].Text, sent["max_tokens"].Number, sent["service_tier"].Text)
            .Should()
            .Be(("claude-haiku-5-5", "Be good.", 99, "standard_only"));
        sent["tool_choice"].Should().Be(Json.Parse("""{"type":"auto","disable_parallel_tool_use":true}"""));
        (
            sent["tools"].Items[0]["name"].Text,
            sent["tools"].Items[0]["strict"].Flag,
            sent["tools"].Items[0]["input_schema"]["additionalProperties"].Flag
        )
            .Should()
            .Be(("cancel_order", true, false));
        (sent["output_config"]["effort"].Text, sent["cache_control"]["type"].Text).Should().Be(("low", "ephemeral"));
    }

    [Fact]
    public async Task A_human_begins_and_is_told_so()
    {
        await using var server = await ModelServer.Start(Says(Text("I need help.")));
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url)));

        await models.Human.Respond(Ask([], 0) with { Role = ModelRole.Human, Tools = [] }, default);
        await models.Human.Respond(
            Ask([Message.Assistant("I need help."), Message.User("With what?")], 1) with
            {
                Role = ModelRole.Human,
                Tools = [],
            },
            default
        );

        server
            .Seen[0]
            .Json["messages"]
            .Should()
            .Be(Json.Parse("""[{"role":"user","content":[{"type":"text","text":"(The conversation begins.)"}]}]"""));
        server.Seen[1].Json["messages"].Items.Select(m => m["role"].Text).Should().Equal("user", "assistant", "user");
        server.Seen[1].Json["tools"].IsNull.Should().BeTrue();
    }

    [Fact]
    public async Task A_judge_is_given_the_schema_of_its_answer()
    {
        await using var server = await ModelServer.Start(Says(Text("""{"holds":true}""")));
        var run = Endpoints.Run(Spec(server.Url));
        using var models = Endpoints.Models(run with { Roles = run.Roles! with { Judges = ["claude"] } });
        var schema = Json.Parse(
            """{"type":"object","properties":{"holds":{"type":"boolean"}},"required":["holds"],"additionalProperties":false}"""
        );

        var answer = await models
            .Judges[0]
            .Ask(
                new()
                {
                    Key = new(new("run", 3, 1), "judge:1", 0),
                    System = "Judge.",
                    User = "Does it hold?",
                    SchemaName = "verdict",
                    Schema = schema,
                    Journal = _journal,
                },
                default
            );

        answer.Value.Should().Be(Json.Parse("""{"holds":true}"""));
        server.Seen.Single().Json["output_config"]["format"].Should().Be(Json.Map(("type", "json_schema"), ("schema", schema)));
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("refusal", FinishReason.Refusal)]
    public async Task A_stop_reason_becomes_the_row_s(string reason, FinishReason finish)
    {
        await using var server = await ModelServer.Start(Says(Text("Well."), reason));
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url)));

        (await Respond(models, [Message.User("hi")], 0)).Finish.Should().Be(finish);
    }

    [Theory]
    [InlineData("pause_turn")]
    [InlineData("something_new")]
    [InlineData("")]
    public async Task A_stop_reason_that_is_not_known_is_no_success(string reason)
    {
        await using var server = await ModelServer.Start(Says(Text("Well."), reason));
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url) with { Retries = 1 }));

        var failure = await FluentActions
            .Awaiting(() => Respond(models, [Message.User("hi")], 0))
            .Should()
            .ThrowAsync<TransientModelException>();

        failure.Which.Message.Should().StartWith("endpoint \"claude\" answered with a message that ");
        _journal.Calls.Should().BeEmpty();
        server.Seen.Should().HaveCount(2);
    }

    [Fact]
    public async Task Tokens_of_the_cache_are_part_of_the_input_and_have_their_prices()
    {
        await using var server = await ModelServer.Start(Says(Text("hello")));
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url) with { Price = new(1, 10, 0.1m, 2) }));

        var call = (await Respond(models, [Message.User("hi")], 0)).Calls.Single();

        call.Usage.Should().Be(new Usage(100, 64, 20, 0) { CacheWriteTokens = 32 });
        (call.Cost, call.ServiceTier).Should().Be(((4m + 6.4m + 64 + 200) / 1_000_000, "standard"));
    }

    [Fact]
    public async Task An_overloaded_server_is_asked_again_and_a_journal_needs_none()
    {
        await using var server = await ModelServer.Start(Fails(529, "overloaded_error"), Says($"{Thinking},{CallOne}", "tool_use"));
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url)));

        var asked = await Respond(models, [Message.User("hi")], 0);
        var replayed = await Respond(models, [Message.User("hi")], 0);

        server.Seen.Should().HaveCount(2, "one try failed, and the second question is the journal's");
        asked.Calls.Single().FailedTries.Should().ContainSingle().Which.Reason.Should().Be("529");
        replayed.Should().BeEquivalentTo(asked);
        _journal.Calls.Values.Single().Body.Should().Contain(Thinking, "the body is kept as it came");
        using var journalOnly = new EndpointModels(
            Endpoints.Run(Spec("http://localhost:1")),
            new() { Time = TimeProvider.System, JournalOnly = true }
        );
        (await Respond(journalOnly, [Message.User("hi")], 0)).Message.Should().BeEquivalentTo(asked.Message);
    }

    [Theory]
    [InlineData(
        401,
        "authentication_error",
        "401",
        false,
        true,
        "refuses the environment variable ANTHROPIC_API_KEY (401, authentication_error)"
    )]
    [InlineData(403, "permission_error", "403", false, true, "does not allow the model \"claude-haiku-5-5\"")]
    [InlineData(404, "not_found_error", "404", false, true, "knows no model \"claude-haiku-5-5\" (404, not_found_error); check `model`")]
    [InlineData(400, "invalid_request_error", "400", false, false, "does not accept the request (400, invalid_request_error)")]
    [InlineData(402, "billing_error", "402", false, true, "asks to be paid first")]
    [InlineData(500, "api_error", "500", true, false, "failed (500, api_error)")]
    [InlineData(529, "overloaded_error", "529", true, false, "failed (529, overloaded_error)")]
    public async Task A_failure_is_named_once_a_try_and_quotes_nothing(
        int status,
        string type,
        string reason,
        bool isTransient,
        bool isUnavailable,
        string sentence
    )
    {
        await using var server = await ModelServer.Start(Fails(status, type));

        var failure = await Failure(Spec(server.Url));

        (failure.Reason, failure.IsTransient, failure.IsUnavailable).Should().Be((reason, isTransient, isUnavailable));
        failure.Message.Should().Contain(sentence).And.NotContain("secret");
        server.Seen.Should().ContainSingle("the package's own retries are off");
    }

    [Fact]
    public async Task A_full_quota_says_when_to_come_back()
    {
        await using var server = await ModelServer.Start(Fails(429, "rate_limit_error", ("retry-after", "7")));

        var failure = await Failure(Spec(server.Url));

        (failure.Reason, failure.IsTransient, failure.RetryAfter).Should().Be(("429", true, TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public async Task A_cut_connection_may_pass()
    {
        await using var server = await ModelServer.Start(ModelServer.Cuts);

        (await Failure(Spec(server.Url))).Should().Match<EndpointException>(e => e.IsTransient && e.Reason == "cut");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable() =>
        (await Failure(Spec("http://localhost:1"))).Should().Match<EndpointException>(e => e.IsTransient && e.Reason == "unreachable");

    [Fact]
    public async Task A_prompt_that_is_too_long_is_an_answer_about_the_dialogue()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(
                """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: """
                    + """1050001 tokens > 1000000 maximum"}}""",
                400
            )
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url)));

        var answer = await Respond(models, [Message.User("hi")], 0);

        (answer.Finish, answer.Usage).Should().Be((FinishReason.ContextLength, Usage.None));
        _journal.Calls.Should().ContainSingle();
    }

    [Fact]
    public async Task A_probe_calls_a_tool_and_speaks_of_its_result()
    {
        await using var server = await ModelServer.Start(
            Says(Thinking + """,{"type":"tool_use","id":"toolu_1","name":"look_up_word","input":{"number":7}}""", "tool_use"),
            Says(Text("heron"))
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(server.Url)));

        (await models.Probe(default))
            .Single()
            .Should()
            .Match<ProbeResult>(r => r.Problem == null && r.Warnings.IsEmpty && r.Calls.Length == 2);
    }

    [Fact]
    public void Settings_that_it_does_not_know_are_named()
    {
        var spec = Spec("https://h");
        spec.Problem().Should().BeNull();
        (spec with { Url = null }).Problem().Should().BeNull("Anthropic is at its own address");
        EndpointAddress.Base(spec with { Url = null }).ToString().Should().Be("https://api.anthropic.com/");
        (spec with { Protocol = EndpointProtocol.Chat })
            .Problem()
            .Should()
            .Be("endpoint \"claude\": anthropic speaks `protocol: messages` only; leave `protocol` out");
        (Endpoints.Spec() with { Protocol = EndpointProtocol.Messages })
            .Problem()
            .Should()
            .Contain("`protocol: messages` is for `provider: anthropic`");
        (spec with { Rehearsal = true }).Problem().Should().Contain("`rehearsal` is for the test endpoint");
        (spec with { PromptCacheKey = "k" }).Problem().Should().Contain("body: {cache_control: {type: ephemeral}}");
        (spec with { Body = Json.Map(("system", "x")) }).Problem().Should().Contain("its body sets \"system\"");
        (spec with { KeyVariable = null }).Problem().Should().Contain("has no key");
        (spec with { Url = "https://h/v1/messages" }).Problem().Should().Contain("goes too far");
    }

    private static EndpointSpec Spec(string url) =>
        new()
        {
            Name = "claude",
            Provider = EndpointProvider.Anthropic,
            Protocol = EndpointProtocol.Messages,
            Model = "claude-haiku-5-5",
            Url = url,
            KeyVariable = "ANTHROPIC_API_KEY",
            ReasoningEcho = ReasoningEcho.Always,
        };

    private ModelRequest Ask(IReadOnlyList<Message> messages, int step) =>
        Endpoints.Ask() with
        {
            Messages = [.. messages],
            Step = step,
            Journal = _journal,
        };

    private Task<ModelResponse> Respond(EndpointModels models, IReadOnlyList<Message> messages, int step) =>
        models.Agent.Respond(Ask(messages, step), default).AsTask();

    private static async Task<EndpointException> Failure(EndpointSpec spec)
    {
        var client = new AnthropicEndpoint(
            spec,
            EndpointHttp.Client(),
            Endpoints.Keys.Of(spec).Key!,
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        );
        var body = """{"model":"claude-haiku-5-5","max_tokens":16,"messages":[{"role":"user","content":"hi"}]}""";
        return (
            await client.Invoking(c => c.Send(Endpoints.Request(body), default).AsTask()).Should().ThrowAsync<EndpointException>()
        ).Which;
    }

    private static string Text(string text) => Json.Map(("type", "text"), ("text", text)).ToString();

    private static Func<HttpContext, Task> Says(string blocks, string reason = "end_turn") =>
        ModelServer.Says(
            string.Concat(
                """{"id":"msg_1","type":"message","role":"assistant","model":"claude-2026","content":[""",
                blocks,
                "],\"stop_reason\":",
                reason.Length == 0 ? "null" : $"\"{reason}\"",
                ""","usage":{"input_tokens":4,"cache_read_input_tokens":64,"cache_creation_input_tokens":32,"output_tokens":20"""
                    + ""","service_tier":"standard"}}"""
            )
        );

    private static Func<HttpContext, Task> Fails(int status, string type, params (string Name, string Value)[] headers) =>
        ModelServer.Says(
            Json.Map(("type", "error"), ("error", Json.Map(("type", type), ("message", "do not repeat: sk-secret and the prompt"))))
                .ToString(),
            status,
            headers: headers
        );
}
