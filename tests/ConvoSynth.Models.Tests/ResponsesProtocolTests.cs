using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>Requests and responses of the Responses API.</summary>
public sealed class ResponsesProtocolTests
{
    private const string Thought =
        """{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"The order is known."}]"""
        + ""","encrypted_content":"gAAAA=="}""";
    private const string Call =
        """{"type":"function_call","id":"fc_1","call_id":"c1","name":"cancel_order","arguments":"{\"order_id\":  """
        + """\"W1\"}","status":"completed"}""";

    private static readonly IChatProtocol Protocol = ChatProtocols.Of(EndpointProtocol.Responses);

    private static readonly EndpointSpec Spec = Endpoints.Spec() with
    {
        Protocol = EndpointProtocol.Responses,
        Provider = EndpointProvider.OpenAI,
        KeyVariable = "KEY",
    };

    [Fact]
    public void A_request_begins_with_what_stays_the_same()
    {
        var body = Write(
            Spec with
            {
                ReasoningEffort = "high",
                ParallelToolCalls = false,
            },
            Message.User("hi"),
            Message.Assistant("yes?"),
            Message.Calls(new ToolCall("c1", "cancel_order", "{ }")),
            Message.Observation(new("c1", "cancel_order", ""), "done")
        );

        body.Should()
            .Be(
                """{"model":"m-1","instructions":"Be good.","tools":["""
                    + """{"type":"function","name":"cancel_order","description":"Cancels an order.","parameters":"""
                    + Endpoints.Tool.Parameters
                    + ""","strict":false}],"parallel_tool_calls":false,"input":[{"role":"user","content":"hi"}"""
                    + """,{"role":"assistant","content":"yes?"},"""
                    + """{"type":"function_call","call_id":"c1","name":"cancel_order","arguments":"{ }"}"""
                    + """,{"type":"function_call_output","call_id":"c1","output":"done"}]"""
                    + ""","max_output_tokens":2048,"reasoning":{"effort":"high"},"store":false}"""
            );
    }

    [Fact]
    public void Text_calls_and_reasoning_are_read()
    {
        var body = Replies.Response(
            $$"""{{Thought}},{"type":"message","content":[{"type":"output_text","text":"I cancel "}"""
                + $$""",{"type":"output_text","text":"it."}]},{{Call}}"""
        );

        var answer = Read(body);

        answer.Message.Content.Should().Be("I cancel it.");
        answer.Message.ToolCalls.Should().Equal(new ToolCall("c1", "cancel_order", "{\"order_id\":  \"W1\"}"));
        answer.Message.Reasoning!.Text.Should().Be("The order is known.");
        (answer.Finish, answer.Model, answer.Usage).Should().Be((FinishReason.ToolCalls, "model-2026", new Usage(100, 64, 20, 7)));
    }

    [Fact]
    public void Reasoning_goes_back_with_what_it_led_to_as_it_came()
    {
        var spec = Spec with { ReasoningEcho = ReasoningEcho.WithinToolLoop };
        var answer = Protocol.Read(spec, Replies.Response($"{Thought},{Call}"));

        var sent = Json.Parse(Write(spec, Message.User("hi"), answer.Message, Message.Observation(answer.Message.ToolCalls[0], "done")));

        sent["input"]
            .Items.Should()
            .Equal(
                Json.Parse("""{"role":"user","content":"hi"}"""),
                Json.Parse(Thought),
                Json.Parse(Call),
                Json.Parse("""{"type":"function_call_output","call_id":"c1","output":"done"}""")
            );
        sent["include"].Should().Be(Json.List("reasoning.encrypted_content"));
        sent["store"].Flag.Should().BeFalse();
        Json.Parse(Write(spec with { Name = "another" }, Message.User("hi"), answer.Message))["input"]
            .Items[1]["type"]
            .Text.Should()
            .Be("function_call", "another endpoint gets no foreign reasoning");
    }

    [Fact]
    public void Reasoning_after_which_nothing_came_does_not_go_back()
    {
        var spec = Spec with { ReasoningEcho = ReasoningEcho.Always };
        var answer = Protocol.Read(spec, Replies.Response(Thought, ""","incomplete_details":{"reason":"max_output_tokens"}"""));

        (answer.Finish, answer.Message.Reasoning!.Text).Should().Be((FinishReason.Length, "The order is known."));
        Json.Parse(Write(spec, Message.User("hi"), answer.Message, Message.User("and?")))["input"]
            .Items.Should()
            .Equal(
                Json.Parse("""{"role":"user","content":"hi"}"""),
                Json.Parse("""{"role":"assistant","content":"(An empty message.)"}"""),
                Json.Parse("""{"role":"user","content":"and?"}""")
            );
    }

    [Fact]
    public void A_call_under_a_name_that_none_can_have_goes_back_without_its_reasoning_in_a_form_that_is_accepted()
    {
        var spec = Spec with { ReasoningEcho = ReasoningEcho.WithinToolLoop };
        var answer = Protocol.Read(
            spec,
            Replies.Response($"{Thought},{Call.Replace("cancel_order", "multi_tool_use.parallel", StringComparison.Ordinal)}")
        );

        Json.Parse(
                Write(spec, Message.User("hi"), answer.Message, Message.Observation(answer.Message.ToolCalls[0], "Error: unknown tool"))
            )["input"]
            .Items.Skip(1)
            .Select(i => i["name"].Text ?? i["type"].Text)
            .Should()
            .Equal("multi_tool_use_parallel", "function_call_output");
    }

    [Theory]
    [InlineData("""{"type":"message","content":[{"type":"refusal","refusal":"No."}]}""", "", "No.", FinishReason.Refusal)]
    [InlineData("", "", "", FinishReason.Empty)]
    [InlineData(
        """{"type":"message","content":[{"type":"output_text","text":"cut o"}]}""",
        ""","incomplete_details":{"reason":"max_output_tokens"}""",
        "cut o",
        FinishReason.Length
    )]
    [InlineData("", ""","incomplete_details":{"reason":"content_filter"}""", "", FinishReason.ContentFilter)]
    [InlineData(
        """{"type":"message","content":[{"type":"output_text","text":"fine"}]}""",
        ""","incomplete_details":null""",
        "fine",
        FinishReason.Stop
    )]
    [InlineData("""{"type":"web_search_call"},7,{"type":"message","content":"plain"}""", "", "plain", FinishReason.Stop)]
    [InlineData(
        """{"type":"message","content":[{"type":"reasoning_text","text":"Hm."},{"type":"output_text","text":"One."}]}"""
            + """,{"type":"message","content":[{"type":"output_text","text":"Two."}]}""",
        "",
        "One.\n\nTwo.",
        FinishReason.Stop
    )]
    [InlineData("", ""","output_text":"beside" """, "beside", FinishReason.Stop)]
    public void Every_finish_is_a_message_by_name(string output, string more, string text, FinishReason finish)
    {
        var answer = Read(Replies.Response(output, more));

        (answer.Message.Content, answer.Finish).Should().Be((text, finish));
    }

    [Theory]
    [InlineData("""{"status":"failed","output":[],"error":{"code":"server_error"}}""", "a response that failed")]
    [InlineData("""{"status":"in_progress","output":[]}""", "a response that is not finished")]
    [InlineData("""{"choices":[]}""", "JSON that is no response")]
    [InlineData("""{"choices":[{"message":{"content":"x"}}]}""", "a chat completion of another protocol; set `protocol: chat`")]
    public void What_is_no_whole_response_is_said(string body, string problem) =>
        Protocol.Problem(Encoding.UTF8.GetBytes(body), out _).Should().Be(problem);

    private static ChatAnswer Read(string body)
    {
        Protocol.Problem(Encoding.UTF8.GetBytes(body), out _).Should().BeNull();
        return Protocol.Read(Spec, body);
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
