using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>What a probe finds before a run uses an endpoint.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task An_endpoint_that_calls_the_tool_and_speaks_of_its_result_will_do()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatCalls(("c1", "look_up_word", "{\"number\":7}"))),
            ModelServer.Chat("heron")
        );

        var result = await Probe(Endpoints.Spec(server.Url) with { Price = new(1, 1), Rehearsal = true });

        result.Problem.Should().BeNull();
        result.Calls.Should().HaveCount(2).And.OnlyContain(c => c.Role == "probe" && c.Cost > 0);
        server.Seen[1].Json["messages"].Items.Select(m => m["role"].Text).Should().Equal("system", "user", "assistant", "tool");
        server.Seen.Should().OnlyContain(s => s.Json["metadata"].IsNull, "a probe belongs to no dialogue");
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(500, false)]
    [InlineData(429, false)]
    public async Task Only_a_refusal_for_good_keeps_a_process_from_an_endpoint(int status, bool isRefused)
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(status));

        var refusal = await Refusal(Endpoints.Spec(server.Url) with { Retries = 0 });

        (refusal is not null).Should().Be(isRefused);
        if (isRefused)
            refusal.Should().Contain("\"local\"");
    }

    [Fact]
    public async Task An_endpoint_that_answers_is_no_refusal()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("heron"));

        (await Refusal(Endpoints.Spec(server.Url))).Should().BeNull();
        server.Seen.Should().ContainSingle("one word is asked for");
    }

    [Fact]
    public async Task A_server_that_wants_its_reasoning_back_is_named_with_the_setting()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(
                Replies.ChatMessage(
                    """{"reasoning_content":"hm","tool_calls":[{"id":"c1","function":"""
                        + """{"name":"look_up_word","arguments":"{\"number\":7}"}}]}""",
                    "tool_calls"
                )
            ),
            ModelServer.Fails(400)
        );

        (await Probe(Endpoints.Spec(server.Url))).Problem.Should().EndWith("set `reasoning_echo: within-tool-loop`");
    }

    [Fact]
    public async Task A_model_that_calls_no_tool_is_found_before_the_run()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("The word is heron."));

        (await Probe(Endpoints.Spec(server.Url)))
            .Problem.Should()
            .StartWith("endpoint \"local\" answers, but did not call a tool when told to");
    }

    [Theory]
    [InlineData("other", "{}", "called a tool \"other\" that nobody offered")]
    [InlineData("look_up_word", "number=7", "called a tool with arguments that are no JSON object")]
    public async Task A_server_that_reads_calls_wrongly_is_found_before_the_run(string name, string arguments, string sentence)
    {
        await using var server = await ModelServer.Start(ModelServer.Says(Replies.ChatCalls(("c1", name, arguments))));

        (await Probe(Endpoints.Spec(server.Url))).Problem.Should().Contain(sentence);
    }

    [Fact]
    public async Task Too_few_tokens_are_found_before_the_run()
    {
        await using var server = await ModelServer.Start(ModelServer.Says(Replies.ChatMessage("""{"content":""}""", "length")));

        (await Probe(Endpoints.Spec(server.Url)))
            .Problem.Should()
            .Be("endpoint \"local\" used up its 2048 tokens on one word; raise max_output_tokens, or lower reasoning_effort");
    }

    [Fact]
    public async Task A_context_that_is_too_short_for_the_answer_is_found_before_the_run()
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(400, "context_length_exceeded"));

        (await Probe(Endpoints.Spec(server.Url)))
            .Problem.Should()
            .StartWith("endpoint \"local\" finds a short prompt and 2048 tokens of answer too long")
            .And.Contain("max_output_tokens");
    }

    [Theory]
    [InlineData(401, "invalid_api_key", "refuses the environment variable MY_KEY")]
    [InlineData(404, "model_not_found", "knows no model \"m-1\"")]
    public async Task A_wrong_setting_costs_one_call(int status, string code, string sentence)
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(status, code));

        (await Probe(Endpoints.Spec(server.Url) with { KeyVariable = "MY_KEY" })).Problem.Should().Contain(sentence);
        (server.Seen.Count, server.Listed).Should().Be((1, 0));
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_given_three_tries()
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(503));

        (await Probe(Endpoints.Spec(server.Url))).Problem.Should().Be("endpoint \"local\" failed (503, some_error)");
        server.Seen.Should().HaveCount(3);
    }

    [Fact]
    public async Task Each_endpoint_in_use_is_asked_in_the_form_in_which_it_is_used()
    {
        await using var agent = await ModelServer.Start(
            ModelServer.Says(Replies.ChatCalls(("c1", "look_up_word", "{\"number\":7}"))),
            ModelServer.Chat("heron")
        );
        await using var human = await ModelServer.Start(ModelServer.Chat("heron"));
        await using var unused = await ModelServer.Start(ModelServer.Chat("heron"));
        await using var fallback = await ModelServer.Start(ModelServer.Chat("I know no tools"));
        var run = Endpoints.Run(
            Endpoints.Spec(human.Url) with
            {
                Name = "human",
            },
            Endpoints.Spec(agent.Url) with
            {
                Name = "agent",
                Fallback = "fallback",
            },
            Endpoints.Spec(unused.Url) with
            {
                Name = "unused",
            },
            Endpoints.Spec(fallback.Url) with
            {
                Name = "fallback",
            }
        );
        using var models = Endpoints.Models(
            run with
            {
                Roles = new() { Human = "human", Agent = "agent" },
            }
        );

        var results = await models.Probe(default);

        results.Select(r => (r.Endpoint, r.Problem is null)).Should().Equal(("human", true), ("agent", true), ("fallback", false));
        (human.Seen.Count, agent.Seen.Count, unused.Seen.Count).Should().Be((1, 2, 0));
        human.Seen[0].Json["tools"].IsNull.Should().BeTrue();
    }

    [Theory]
    [InlineData(
        """{"object":"list","data":[{"id":"other","shutdown_date":"2031-01-01"},{"id":"m-1","shutdown_date":"2031-02-03"}]}""",
        "2031-02-03"
    )]
    [InlineData("""{"object":"list","data":[{"id":"m-1","shutdown_date":null}]}""", null)]
    [InlineData("""{"object":"list","data":[{"id":"m-1"}]}""", null)]
    [InlineData("""{"object":"list","data":[{"id":"other","shutdown_date":"2031-02-03"}]}""", null)]
    [InlineData("""{"data":[{"id":"m-1","shutdown_date":"soon"}]}""", null)]
    [InlineData("<html>", null)]
    public async Task A_model_that_will_be_shut_down_is_named_with_its_day(string list, string? day)
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatCalls(("c1", "look_up_word", "{\"number\":7}"))),
            ModelServer.Chat("heron")
        );
        server.Lists = ModelServer.Says(list);

        var result = await Probe(Endpoints.Spec(server.Url));

        result.Problem.Should().BeNull();
        result
            .Warnings.Should()
            .Equal(
                day is null
                    ? []
                    : [$"endpoint \"local\": the model \"m-1\" is shut down on {day}; end the run before, or name another model"]
            );
        (server.Seen.Count, server.Listed, result.Calls.Length).Should().Be((2, 1, 2), "the list costs no call");
    }

    [Fact]
    public async Task A_list_that_cannot_be_had_is_no_failure_of_the_probe()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatCalls(("c1", "look_up_word", "{\"number\":7}"))),
            ModelServer.Chat("heron")
        );
        server.Lists = ModelServer.Cuts;

        var result = await Probe(Endpoints.Spec(server.Url));

        (result.Problem, result.Warnings.Length, server.Listed).Should().Be((null, 0, 1));
    }

    [Fact]
    public async Task Thoughts_in_the_text_are_a_warning_with_the_flag_of_each_server()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatCalls(("c1", "look_up_word", "{\"number\":7}"))),
            ModelServer.Chat("<think>Easy.</think>heron")
        );

        var result = await Probe(Endpoints.Spec(server.Url));

        result.Problem.Should().BeNull();
        result
            .Warnings.Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("endpoint \"local\" leaves its model's thoughts in the text")
            .And.ContainAll("--reasoning-parser", "--reasoning-format", "vLLM", "SGLang", "llama.cpp", "Ollama");
    }

    [Theory]
    [InlineData(
        "heron<|im_end|>",
        "leaves \"<|im_end|>\", a mark of the model's template, in what it answers",
        "body: {stop: ['<|im_end|>']}"
    )]
    [InlineData("heron\nUser: Thanks!", "leaves \"User: Thanks!\", a turn of another speaker, in what it answers", "--chat-template")]
    public async Task A_template_in_the_text_is_found_before_the_run_with_what_to_set(string text, string sentence, string advice)
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatCalls(("c1", "look_up_word", "{\"number\":7}"))),
            ModelServer.Chat(text)
        );

        (await Probe(Endpoints.Spec(server.Url))).Problem.Should().Contain(sentence).And.Contain(advice);
    }

    [Fact]
    public async Task A_call_in_the_text_is_found_before_the_run_with_what_to_set()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Chat("<tool_call>{\"name\": \"look_up_word\", \"arguments\": {\"number\": 7}}</tool_call>")
        );

        (await Probe(Endpoints.Spec(server.Url)))
            .Problem.Should()
            .Contain("a tool call as text")
            .And.ContainAll("--tool-call-parser", "--jinja");
    }

    [Fact]
    public async Task A_model_that_thinks_and_never_speaks_is_found_before_the_run()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("<think>Hm, hm."));

        (await Probe(Endpoints.Spec(server.Url)))
            .Problem.Should()
            .Contain("answered with the model's thoughts and not a word of speech")
            .And.Contain("--reasoning-parser");
    }

    [Fact]
    public async Task A_context_that_is_too_short_for_a_first_prompt_is_said_with_numbers_before_the_run()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Chat("heron"),
            ModelServer.Says(
                """{"object":"error","message":"This model's maximum context length is 3000 tokens. """
                    + """However, you requested 3412 tokens: do not repeat this.","code":400}""",
                400
            )
        );
        var run = Endpoints.Run(
            Endpoints.Spec(server.Url) with
            {
                Name = "human",
            },
            Endpoints.Spec("http://localhost:1/v1") with
            {
                Name = "agent",
            }
        );
        using var models = Endpoints.Models(
            run with
            {
                Roles = new() { Human = "human", Agent = "agent" },
            }
        );
        var prompt = new Prompt { System = new('a', 12_000), Messages = [Message.User("Begin.")] };

        var problem = (await models.Probe([new("human", "human", prompt)], default))[0].Problem;

        problem
            .Should()
            .MatchRegex("endpoint \"human\": the human's first prompt has about 3[0-9]{3} tokens, 2048 more are kept for the answer")
            .And.Contain("(the server speaks of 3000 and 3412)")
            .And.NotContain("do not repeat");
        server.Seen[1].Json["messages"].Items[0]["content"].Text.Should().Be(prompt.System);
    }

    [Fact]
    public async Task A_server_that_counts_far_fewer_tokens_than_were_sent_may_cut_them()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("heron"));
        var run = Endpoints.Run(
            Endpoints.Spec(server.Url) with
            {
                Name = "human",
            },
            Endpoints.Spec("http://localhost:1/v1") with
            {
                Name = "agent",
            }
        );
        using var models = Endpoints.Models(
            run with
            {
                Roles = new() { Human = "human", Agent = "agent" },
            }
        );

        var result = (
            await models.Probe([new("human", "human", new() { System = new('a', 12_000), Messages = [Message.User("Begin.")] })], default)
        )[0];

        result.Problem.Should().BeNull();
        result.Warnings.Should().ContainSingle(w => w.Contains("its server may cut long prompts", StringComparison.Ordinal));
    }

    private static async Task<string?> Refusal(EndpointSpec spec)
    {
        using var models = Endpoints.Models(Endpoints.Run(spec));
        return await models.Refusal(default);
    }

    private static async Task<ProbeResult> Probe(EndpointSpec spec)
    {
        using var models = Endpoints.Models(Endpoints.Run(spec));
        return (await models.Probe(default)).Single();
    }
}
