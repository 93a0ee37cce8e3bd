using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>Requests and responses of Chat Completions.</summary>
public sealed class ChatProtocolTests
{
    private static readonly IChatProtocol Protocol = ChatProtocols.Of(EndpointProtocol.Chat);

    private static readonly EndpointSpec OpenAI = Endpoints.Spec() with
    {
        Provider = EndpointProvider.OpenAI,
        Url = null,
        KeyVariable = "KEY",
    };

    [Fact]
    public void A_request_begins_with_what_stays_the_same()
    {
        var spec = OpenAI with
        {
            Temperature = 0.7,
            ReasoningEffort = "low",
            ServiceTier = "flex",
            PromptCacheKey = "run-7",
            ParallelToolCalls = false,
            Body = Json.Parse("""{"top_p":0.9,"seed":5}"""),
        };

        var body = Write(
            spec,
            Message.User("hi"),
            Message.Calls(new ToolCall("c1", "cancel_order", """{"order_id": "W1"}""")),
            Message.Observation(new("c1", "cancel_order", ""), "done")
        );

        body.Should()
            .Be(
                """{"model":"m-1","tools":[{"type":"function","function":"""
                    + """{"name":"cancel_order","description":"Cancels an order.","parameters":"""
                    + Endpoints.Tool.Parameters
                    + """}}],"parallel_tool_calls":false,"messages":[{"role":"system","content":"Be good."}"""
                    + """,{"role":"user","content":"hi"},"""
                    + """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":"""
                    + """{"name":"cancel_order","arguments":"{\"order_id\": \"W1\"}"}}]},"""
                    + """{"role":"tool","tool_call_id":"c1","content":"done"}],"max_completion_tokens":2048,"temperature":0.7"""
                    + ""","reasoning_effort":"low","""
                    + """ "service_tier":"flex","prompt_cache_key":"run-7","top_p":0.9,"seed":5}""".TrimStart()
            );
    }

    [Fact]
    public void Compatible_servers_are_told_the_limit_by_its_older_name() =>
        Write(Endpoints.Spec() with { MaxOutputTokens = 99 }).Should().Contain("\"max_tokens\":99").And.NotContain("max_completion_tokens");

    [Fact]
    public void An_extra_field_takes_the_place_of_ours() =>
        Write(OpenAI with { Temperature = 1, Body = Json.Parse("""{"temperature":0.2,"max_completion_tokens":7}""") })
            .Should()
            .EndWith("""],"temperature":0.2,"max_completion_tokens":7}""");

    [Fact]
    public void A_longer_conversation_begins_with_the_bytes_of_the_shorter()
    {
        var shorter = Write(OpenAI, Message.User("hi"));
        var longer = Write(OpenAI, Message.User("hi"), Message.Assistant("yes?"), Message.User("my order"));

        var shared = shorter.IndexOf("""{"role":"user","content":"hi"}""", StringComparison.Ordinal);
        longer[..shared].Should().Be(shorter[..shared]);
        shared.Should().BeGreaterThan(300);
        Write(OpenAI, Message.User("hi")).Should().Be(shorter);
    }

    [Fact]
    public void Only_what_has_a_strict_form_is_sent_as_strict()
    {
        var free = new ToolDefinition(
            "free",
            "Takes anything.",
            Json.Parse("""{"type":"object","properties":{"filter":{"type":"object"}},"required":["filter"]}""")
        );
        var body = Json.Parse(
            Encoding.UTF8.GetString(
                Protocol
                    .Write(
                        OpenAI with
                        {
                            StrictTools = true,
                        },
                        new()
                        {
                            System = "s",
                            Messages = [],
                            Tools = [Endpoints.Tool, free],
                        }
                    )
                    .Span
            )
        );

        var strict = body["tools"].Items[0]["function"];
        strict["strict"].Flag.Should().BeTrue();
        strict["parameters"]
            .Should()
            .Be(
                Json.Parse(
                    """{"type":"object","properties":{"order_id":{"type":"string"},"reason":{"type":["string","null"]"""
                        + ""","enum":["a","b",null]}},"required":["order_id","reason"],"additionalProperties":false}"""
                )
            );
        body["tools"]
            .Items[1]["function"]
            .Should()
            .Be(Json.Map(("name", "free"), ("description", "Takes anything."), ("parameters", free.Parameters)));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"oneOf":[]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":true}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/b"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":["x"]}}}""")]
    public void What_the_strict_subset_cannot_say_has_no_strict_form(string schema) =>
        StrictSchema.Of(Json.Parse(schema)).Should().BeNull();

    [Theory]
    [InlineData("""{"order_id": "W1", "reason": null}""", """{"order_id":"W1"}""")]
    [InlineData("""{"order_id": "W1",  "reason": "a"}""", """{"order_id": "W1",  "reason": "a"}""")]
    [InlineData("""{"order_id": null}""", """{"order_id": null}""")]
    [InlineData("""{"order_id": """, """{"order_id": """)]
    public void A_null_that_strictness_asked_for_is_taken_out_again_and_nothing_else_is(string said, string kept) =>
        StrictSchema.WithoutNulls(Endpoints.Tool.Parameters, said).Should().Be(kept);

    [Theory]
    [InlineData("{\"order_id\":  \"#W1\",\n \"x\": 1.50}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"name\":\"\\u00e9t\\u00e9 – \\\"quoted\\\"\"}")]
    [InlineData("not JSON at all {")]
    [InlineData("")]
    public void Arguments_come_and_go_character_for_character(string arguments)
    {
        var answer = Protocol.Read(OpenAI, Replies.ChatCalls(("c1", "cancel_order", arguments)));

        answer.Message.ToolCalls.Should().Equal(new ToolCall("c1", "cancel_order", arguments));
        answer.Finish.Should().Be(FinishReason.ToolCalls);
        var sent = Json.Parse(Write(OpenAI, Message.User("hi"), answer.Message));
        sent["messages"].Items[2]["tool_calls"].Items[0]["function"]["arguments"].Text.Should().Be(arguments);
    }

    [Fact]
    public void Servers_that_parse_earlier_arguments_get_an_object_in_place_of_none()
    {
        var calls = Message.Calls(new("c1", "t", "{\"a\": 1}"), new("c2", "t", "{\"a\": "), new("c3", "t", "[1]"));

        var sent = Json.Parse(Write(Endpoints.Spec(), calls))["messages"]
            .Items[1]["tool_calls"]
            .Items.Select(c => c["function"]["arguments"].Text);

        sent.Should().Equal("{\"a\": 1}", """{"invalid_arguments":"{\"a\": "}""", """{"invalid_arguments":"[1]"}""");
    }

    [Fact]
    public void A_message_without_words_is_sent_with_a_word_about_it_for_servers_that_take_no_empty_ones()
    {
        Message[] said =
        [
            Message.User(""),
            Message.Assistant(" \n"),
            new() { Role = MessageRole.Assistant },
            Message.Calls(new ToolCall("c1", "cancel_order", "{}")),
            Message.Observation(new("c1", "cancel_order", ""), ""),
        ];

        Json.Parse(Write(OpenAI, said))["messages"]
            .Items.Skip(1)
            .Select(m => m["content"].Text)
            .Should()
            .Equal("(An empty message.)", "(An empty message.)", "(An empty message.)", null, "");
        var responses = ChatProtocols.Of(EndpointProtocol.Responses).Write(OpenAI, new() { System = "s", Messages = said });
        Json.Parse(Encoding.UTF8.GetString(responses.Span))["input"]
            .Items.Select(m => m["content"].Text ?? m["output"].Text ?? m["name"].Text)
            .Should()
            .Equal("(An empty message.)", "(An empty message.)", "(An empty message.)", "cancel_order", "");
    }

    [Theory]
    [InlineData("cancel_order", "cancel_order")]
    [InlineData("no-such_tool2", "no-such_tool2")]
    [InlineData("multi_tool_use.parallel", "multi_tool_use_parallel")]
    [InlineData("renew loan(\"Dune\")", "renew_loan__Dune__")]
    [InlineData("", "unnamed")]
    public void A_made_up_name_that_no_function_can_have_is_sent_in_a_form_that_is_accepted(string made, string sent)
    {
        var calls = Message.Calls(new ToolCall("c1", made, "{}"));

        Json.Parse(Write(OpenAI, calls))["messages"].Items[1]["tool_calls"].Items[0]["function"]["name"].Text.Should().Be(sent);
        var responses = ChatProtocols.Of(EndpointProtocol.Responses).Write(OpenAI, new() { System = "s", Messages = [calls] });
        Json.Parse(Encoding.UTF8.GetString(responses.Span))["input"].Items[0]["name"].Text.Should().Be(sent);
        Json.Parse(Write(OpenAI, Message.Calls(new ToolCall("c1", new('a', 70), "{}"))))["messages"]
            .Items[1]["tool_calls"]
            .Items[0]["function"]["name"]
            .Text.Should()
            .Be(new('a', 64));
    }

    [Theory]
    [InlineData("""{"content":"fine"}""", "stop", "fine", FinishReason.Stop)]
    [InlineData("""{"content":"cut o"}""", "length", "cut o", FinishReason.Length)]
    [InlineData("""{"content":null}""", "content_filter", "", FinishReason.ContentFilter)]
    [InlineData("""{"content":null,"refusal":"I cannot help with that."}""", "stop", "I cannot help with that.", FinishReason.Refusal)]
    [InlineData("""{"content":null}""", "stop", "", FinishReason.Empty)]
    [InlineData("""{"content":"  \n"}""", "stop", "  \n", FinishReason.Empty)]
    [InlineData("""{}""", "stop", "", FinishReason.Empty)]
    [InlineData("""{"content":[{"type":"text","text":"in "},{"type":"text","text":"parts"}]}""", "stop", "in parts", FinishReason.Stop)]
    [InlineData("""{"content":"half \ud83d a pair"}""", "stop", "half � a pair", FinishReason.Stop)]
    public void Every_finish_is_a_message_by_name(string message, string finish, string text, FinishReason expected)
    {
        var body = Replies.ChatMessage(message, finish);
        Protocol.Problem(Encoding.UTF8.GetBytes(body), out _).Should().BeNull();

        var answer = Protocol.Read(OpenAI, body);

        (answer.Message.Role, answer.Message.Content, answer.Finish).Should().Be((MessageRole.Assistant, text, expected));
        answer.Message.ToolCalls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"content":["in ","parts"]}""", "in parts")]
    [InlineData("""{"content":{"type":"text","text":"one part"}}""", "one part")]
    [InlineData("""{"content":[{"type":"text","text":{"value":"a value","annotations":[]}}]}""", "a value")]
    [InlineData("""{"content":[{"type":"output_text","text":"said"},{"type":"reasoning","text":"thought"}]}""", "said")]
    [InlineData("""{"content":{"yes":true}}""", """{"yes":true}""")]
    [InlineData("""{"content":null,"reasoning_content":"{\"yes\": true}"}""", """{"yes": true}""")]
    public void Words_are_read_in_every_form_of_content(string message, string text)
    {
        var body = Replies.ChatMessage(message);

        Protocol.Problem(Encoding.UTF8.GetBytes(body), out _).Should().BeNull();
        Protocol.Read(OpenAI, body).Message.Content.Should().Be(text);
    }

    [Theory]
    [InlineData("""{"tool_calls":[{"id":"c1","type":"function","name":"a","arguments":{"x": 1}}]}""")]
    [InlineData("""{"tool_calls":[{"id":"c1","type":"tool_use","name":"a","input":{"x": 1}}]}""")]
    [InlineData("""{"tool_calls":[{"id":"c1","function":{"name":"a","parameters":{"x": 1}}}]}""")]
    [InlineData("""{"tool_calls":[{"id":"c1","type":"custom","custom":{"name":"a","input":"{\"x\": 1}"}}]}""")]
    [InlineData("""{"tool_calls":{"id":"c1","function":{"name":"a","arguments":{"x": 1}}}}""")]
    [InlineData("""{"content":"None","tool_calls":[{"id":"c1","function":{"name":"a","arguments":{"x": 1}}}]}""")]
    [InlineData("""{"tool_calls":{"0":{"id":"c1","function":{"name":"a","arguments":{"x": 1}}}}}""")]
    [InlineData("""{"content":[{"type":"tool_use","id":"c1","name":"a","input":{"x": 1}}]}""")]
    [InlineData(
        """{"tool_calls":[null,{"id":"c1","index":7,"function":{"name":"a","arguments":{"x": 1}}}"""
            + """,{"id":"","function":{"name":"","arguments":""}}]}"""
    )]
    [InlineData(
        """{"tool_calls":[{"id":"c1","function":{"name":"a","arguments":{"x": 1}}}"""
            + """,{"id":"c1","function":{"name":"a","arguments":{"x": 1}}}]}"""
    )]
    public void A_call_is_read_in_every_form_that_servers_give_it(string message)
    {
        var body = Replies.ChatMessage(message, "tool_calls");

        Protocol.Problem(Encoding.UTF8.GetBytes(body), out _).Should().BeNull();
        var answer = Protocol.Read(OpenAI, body);

        answer.Message.ToolCalls.Should().Equal(new ToolCall("c1", "a", "{\"x\": 1}"));
        answer.Message.Kept.Should().BeNull("a call goes back in the one form that requests have");
    }

    [Theory]
    [InlineData("""{"tool_calls":"[{...}]"}""", "a tool call in a form that is not known")]
    [InlineData("""{"tool_calls":[{"id":"c1"}]}""", "a tool call in a form that is not known")]
    [InlineData("""{"content":[{"type":"blob","data":"x"}]}""", "a text in a form that is not known")]
    [InlineData("""{"content":42}""", "a text in a form that is not known")]
    [InlineData("""{"content":null,"tool_calls":[]}""", "no tool call, although it says that it ended by one")]
    public void What_is_lost_of_an_answer_is_no_answer_of_the_model(string message, string problem) =>
        Protocol.Problem(Encoding.UTF8.GetBytes(Replies.ChatMessage(message, "tool_calls")), out _).Should().Be(problem);

    [Theory]
    [InlineData("-5", "-1", 0, 0)]
    [InlineData("\"123\"", "\"7\"", 123, 7)]
    [InlineData("123.0", "7.5", 123, 7)]
    [InlineData("9223372036854775000", "1e300", 0, 0)]
    [InlineData("null", "[]", 0, 0)]
    public void Tokens_are_counted_in_any_spelling_and_never_beyond_what_a_call_can_have(string input, string output, long ins, long outs)
    {
        var usage = $$"""{"prompt_tokens":{{input}},"completion_tokens":{{output}}}""";

        Protocol.Problem(Encoding.UTF8.GetBytes(Replies.ChatMessage("""{"content":"fine"}""", "stop", usage)), out var counted);

        (counted.InputTokens, counted.OutputTokens).Should().Be((ins, outs));
    }

    [Fact]
    public void Two_calls_where_one_was_allowed_are_both_kept_and_named()
    {
        var body = Replies.ChatCalls(("c1", "cancel_order", "{}"), ("c2", "no_such_tool", "{}"));

        var answer = Protocol.Read(OpenAI with { ParallelToolCalls = false }, body);

        answer.Finish.Should().Be(FinishReason.ExtraCalls);
        answer.Message.ToolCalls.Select(c => c.Name).Should().Equal("cancel_order", "no_such_tool");
        Protocol.Read(OpenAI, body).Finish.Should().Be(FinishReason.ToolCalls);
    }

    [Fact]
    public void Calls_that_are_cut_off_keep_what_came()
    {
        var answer = Protocol.Read(
            OpenAI,
            Replies
                .ChatCalls(("c1", "cancel_order", "{\"order_id\": \"W"))
                .Replace("\"tool_calls\"}]", "\"length\"}]", StringComparison.Ordinal)
        );

        (answer.Finish, answer.Message.ToolCalls.Single().Arguments, answer.Message.Content)
            .Should()
            .Be((FinishReason.Length, "{\"order_id\": \"W", null));
    }

    [Fact]
    public void Calls_without_ids_of_their_own_get_some()
    {
        var answer = Protocol.Read(
            OpenAI,
            Replies.ChatMessage(
                """{"content":null,"tool_calls":[{"function":{"name":"a","arguments":{"x": 1}}}"""
                    + """,{"id":"c","function":{"name":"b"}},{"id":"c","function":{"name":"d","arguments":null}}]}""",
                "stop"
            )
        );

        CallIds
            .Unique(answer.Message, [])
            .ToolCalls.Should()
            .Equal(new ToolCall("call00001", "a", "{\"x\": 1}"), new ToolCall("c", "b", ""), new ToolCall("call00003", "d", ""));
        answer.Finish.Should().Be(FinishReason.ToolCalls);
    }

    [Theory]
    [InlineData("content_filter", FinishReason.PromptFilter)]
    [InlineData("context_length_exceeded", FinishReason.ContextLength)]
    [InlineData("invalid_prompt", FinishReason.PromptFilter)]
    public async Task A_prompt_that_is_filtered_or_too_long_is_an_answer_and_no_failure(string code, FinishReason finish)
    {
        await using var server = await ModelServer.Start(ModelServer.Fails(400, code));
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));

        var response = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default);

        (response.Finish, response.Message.Content, response.Model).Should().Be((finish, "", "m-1"));
        server.Seen.Should().ContainSingle();
    }

    [Theory]
    [InlineData(ReasoningEcho.None, "", "")]
    [InlineData(ReasoningEcho.WithinToolLoop, "", "new")]
    [InlineData(ReasoningEcho.Always, "old", "new")]
    public void Reasoning_goes_back_to_its_maker_as_it_requires(ReasoningEcho echo, string first, string second)
    {
        var spec = OpenAI with { ReasoningEcho = echo };
        Message Thought(string text) =>
            Protocol.Read(spec, Replies.ChatMessage($$"""{"content":"said","reasoning_content":"{{text}}"}""")).Message;
        var (old, now, foreign) = (
            Thought("old"),
            Thought("new"),
            Thought("of another") with
            {
                Reasoning = new("another", Json.Map(("reasoning_content", "x")), "x"),
            }
        );

        old.Reasoning.Should().Be(new Reasoning("local", Json.Map(("reasoning_content", "old")), "old"));
        var sent = Json.Parse(Write(spec, Message.User("a"), old, Message.User("b"), now, foreign))["messages"].Items;

        (sent[2]["reasoning_content"].Text ?? "", sent[4]["reasoning_content"].Text ?? "").Should().Be((first, second));
        sent[5]["reasoning_content"].IsNull.Should().BeTrue("another endpoint's thoughts are not this one's");
    }

    [Fact]
    public void Text_with_half_a_pair_can_still_be_sent() =>
        Json.Parse(Write(OpenAI, Message.User("half \ud83d a pair")))["messages"]
            .Items[1]["content"]
            .Text.Should()
            .Be("half \ufffd a pair");

    [Fact]
    public void A_question_asks_for_its_schema()
    {
        var schema = Json.Parse(
            """{"type":"object","properties":{"yes":{"type":"boolean"}},"required":["yes"],"additionalProperties":false}"""
        );
        var body = Json.Parse(
            Encoding.UTF8.GetString(
                Protocol
                    .Write(
                        OpenAI,
                        new()
                        {
                            System = "s",
                            Messages = [Message.User("q")],
                            Answer = new("verdict", schema),
                        }
                    )
                    .Span
            )
        );

        body["response_format"]
            .Should()
            .Be(Json.Map(("type", "json_schema"), ("json_schema", Json.Map(("name", "verdict"), ("strict", true), ("schema", schema)))));
    }

    private static string Write(EndpointSpec spec, params Message[] messages) =>
        Encoding.UTF8.GetString(
            Protocol
                .Write(
                    spec,
                    new()
                    {
                        System = "Be good.",
                        Messages = messages,
                        Tools = [Endpoints.Tool],
                    }
                )
                .Span
        );
}
