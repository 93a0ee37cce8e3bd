using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Journal;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>Which parts of an answer go back to its endpoint, and under which ids.</summary>
public sealed class EchoTests
{
    private static readonly EndpointSpec Spec = Endpoints.Spec();

    [Fact]
    public void Fields_of_a_message_and_its_calls_that_are_not_known_go_back_to_their_maker_as_they_came()
    {
        var message = Read(
            EndpointProtocol.Chat,
            Replies.ChatMessage(
                """
                {"role":"assistant","content":null,"refusal":null,"annotations":[],"audio":null,"function_call":null,
                 "reasoning_content":"hm","reasoning_details":[{"type":"reasoning.encrypted","data":"x"}],
                 "tool_calls":[{"id":"c1","index":0,"type":"function",
                                "function":{"name":"cancel_order","arguments":"{}","thought_signature":"s1"},
                                "extra_content":{"google":{"thought_signature":"s2"}}},
                               {"id":"c2","type":"function","function":{"name":"cancel_order","arguments":"{}"}}]}
                """,
                "tool_calls"
            )
        );

        var sent = Sent(Spec, message);

        sent.Should()
            .Be(
                Json.Parse(
                    """
                    {"role":"assistant","content":null,"reasoning_details":[{"type":"reasoning.encrypted","data":"x"}],
                     "tool_calls":[{"id":"c1","type":"function",
                                    "function":{"name":"cancel_order","arguments":"{}","thought_signature":"s1"},
                                    "extra_content":{"google":{"thought_signature":"s2"}}},
                                   {"id":"c2","type":"function","function":{"name":"cancel_order","arguments":"{}"}}]}
                    """
                )
            );
        Sent(Spec with { Name = "another" }, message).ToString().Should().NotContain("s1").And.NotContain("s2").And.NotContain("encrypted");
    }

    [Fact]
    public void An_answer_without_such_fields_keeps_none() =>
        Read(EndpointProtocol.Chat, Replies.ChatCalls(("c1", "cancel_order", "{}"))).Kept.Should().BeNull();

    [Fact]
    public void Items_of_a_response_that_are_not_known_go_back_in_their_order_under_the_dialogue_s_ids()
    {
        const string Item = """{"type":"compaction","id":"k1","encrypted_content":"x"}""";
        var message = Read(
            EndpointProtocol.Responses,
            Replies.Response($$"""{{Item}},{"type":"function_call","id":"f","call_id":"call_0","name":"cancel_order","arguments":"{}"}""")
        );
        message = CallIds.Unique(message, [Message.Calls(new ToolCall("call_0", "cancel_order", "{}"))]);

        var sent = Json.Parse(
            Encoding.UTF8.GetString(
                ChatProtocols.Of(EndpointProtocol.Responses).Write(Spec, new() { System = "s", Messages = [message] }).Span
            )
        )["input"].Items;

        sent[0].Should().Be(Json.Parse(Item));
        (sent[1]["type"].Text, sent[1]["call_id"].Text).Should().Be(("function_call", "call00002"));
    }

    [Fact]
    public void Ids_that_are_empty_or_taken_are_renamed_and_others_stay()
    {
        Message[] earlier = [Message.Calls(new ToolCall("call_0", "a", "{}"), new ToolCall("call00003", "a", "{}"))];
        var message = Message.Calls(
            new ToolCall("call_0", "a", "{}"),
            new ToolCall("", "b", "{}"),
            new ToolCall("own", "c", "{}"),
            new ToolCall("own", "d", "{}")
        );

        var unique = CallIds.Unique(message, earlier);

        unique.ToolCalls.Select(c => c.Id).Should().Equal("call00004", "call00005", "own", "call00006");
        CallIds.Unique(message, earlier).ToolCalls.Should().Equal(unique.ToolCalls, "it is a function of the dialogue");
        CallIds.Unique(unique, earlier).Should().BeSameAs(unique);
    }

    [Theory]
    [InlineData("\"\"", "{}")]
    [InlineData("\"  \\n\"", "{}")]
    [InlineData("null", "{}")]
    [InlineData("\"null\"", "{}")]
    [InlineData("[]", "{}")]
    [InlineData("\"{\\\"x\\\":1}\"", "{\"x\":1}")]
    public async Task Arguments_that_a_server_leaves_out_are_none_where_none_are_required(string arguments, string read)
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(
                Replies.ChatMessage(
                    $$$"""{"tool_calls":[{"id":"c1","function":{"name":"free","arguments":{{{arguments}}}}}"""
                        + $$$""",{"id":"c2","function":{"name":"cancel_order","arguments":{{{arguments}}}}}]}""",
                    "tool_calls"
                )
            )
        );
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url)));
        var free = new ToolDefinition("free", "Needs nothing.", Json.Parse("""{"type":"object","properties":{"x":{"type":"integer"}}}"""));

        var calls = (await models.Agent.Respond(Endpoints.Ask(Message.User("hi")) with { Tools = [free, Endpoints.Tool] }, default))
            .Message
            .ToolCalls;

        calls[0].Arguments.Should().Be(read);
        if (read == "{}")
            calls[1].Arguments.Should().NotBe("{}", "what is required and missing is the model's fault");
    }

    [Theory]
    [InlineData("cancel_order", """{"order_id": "W1"}""", """{"order_id": "W1"}""")]
    [InlineData("functions.cancel_order", """{"order_id": "W1"}""", """{"order_id": "W1"}""")]
    [InlineData("default_api:cancel_order", """{"order_id": "W1"}""", """{"order_id": "W1"}""")]
    [InlineData("functions.cancel_order:0", """{"order_id": "W1"}""", """{"order_id": "W1"}""")]
    [InlineData(" cancel_order\n", """{"order_id": "W1"}""", """{"order_id": "W1"}""")]
    [InlineData("cancel_order", """ "{\"order_id\": \"W1\"}" """, """{"order_id": "W1"}""")]
    [InlineData("cancel_order", """ "\"{\\\"order_id\\\": \\\"W1\\\"}\"" """, """{"order_id": "W1"}""")]
    [InlineData("cancel_order", """{}{"order_id": "W1"}""", """{"order_id": "W1"}""")]
    [InlineData("cancel_order", """{"order_id": "W1"}{"order_id": "W1"}""", """{"order_id": "W1"}""")]
    [InlineData("cancel_order", """{"name": "cancel_order", "arguments": {"order_id":"W1"}}""", """{"order_id":"W1"}""")]
    public void What_a_server_puts_around_a_call_is_taken_away(string name, string arguments, string read) =>
        PlainCalls
            .Of(Message.Calls(new ToolCall("c1", name, arguments)), [Endpoints.Tool])
            .ToolCalls.Should()
            .Equal(new ToolCall("c1", "cancel_order", read));

    [Theory]
    [InlineData("cancel_order", """{"order_id": "W1",}""")]
    [InlineData("cancel_order", """{"order_id": "W1"}}""")]
    [InlineData("cancel_order", """{"order_id": "W1"}{"order_id": "W2"}""")]
    [InlineData("cancel_order", """[{"order_id": "W1"}]""")]
    [InlineData("cancel_order", """ "W1" """)]
    [InlineData("cancel_order", "{'order_id': 'W1'}")]
    [InlineData("cancel_orders", """{"order_id": "W1"}""")]
    [InlineData("orders.cancel", """{"order_id": "W1"}""")]
    public void A_mistake_of_the_model_stays_as_it_is(string name, string arguments)
    {
        var message = Message.Calls(new ToolCall("c1", name, arguments));

        PlainCalls.Of(message, [Endpoints.Tool]).Should().BeSameAs(message);
    }

    [Theory]
    [InlineData("null", 5, true)]
    [InlineData("{}", 5, true)]
    [InlineData(Replies.Usage, 100, false)]
    public async Task Tokens_that_nobody_counted_are_estimated_and_said_to_be(string usage, int least, bool isEstimated)
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatMessage("""{"content":"It is done."}""", "stop", usage))
        );
        using var models = Endpoints.Models(Endpoints.Run(Endpoints.Spec(server.Url) with { Price = new(1, 1) }));

        var call = (await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default)).Calls.Single();

        call.IsEstimated.Should().Be(isEstimated);
        call.Usage.InputTokens.Should().BeGreaterThanOrEqualTo(least);
        call.Usage.OutputTokens.Should().BePositive();
        call.Cost.Should().Be((call.Usage.InputTokens + call.Usage.OutputTokens) / 1_000_000m);
        PaidUsage.Of([call]).EstimatedCalls.Should().Be(isEstimated ? 1 : 0);
        JournalText
            .Read(
                new(new("run", 0, 0), "agent", 0),
                "h",
                JournalText.Write(
                    new()
                    {
                        Key = new(new("run", 0, 0), "agent", 0),
                        RequestHash = "h",
                        Body = "{}",
                        Call = call,
                    }
                )
            )
            .Call.IsEstimated.Should()
            .Be(isEstimated);
    }

    private static Message Read(EndpointProtocol protocol, string body) => ChatProtocols.Of(protocol).Read(Spec, body).Message;

    private static Json Sent(EndpointSpec spec, Message message) =>
        Json.Parse(
            Encoding.UTF8.GetString(ChatProtocols.Of(EndpointProtocol.Chat).Write(spec, new() { System = "s", Messages = [message] }).Span)
        )["messages"].Items[1];
}
