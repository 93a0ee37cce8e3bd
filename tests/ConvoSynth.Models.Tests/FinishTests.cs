using System.Text;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Protocols;

namespace ConvoSynth.Models.Tests;

/// <summary>The finish reasons of all servers: an unknown one is no clean end.</summary>
public sealed class FinishTests
{
    private static readonly IChatProtocol Chat = ChatProtocols.Of(EndpointProtocol.Chat);
    private static readonly IChatProtocol Responses = ChatProtocols.Of(EndpointProtocol.Responses);

    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("STOP", FinishReason.Stop)]
    [InlineData("eos", FinishReason.Stop)]
    [InlineData("eos_token", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("COMPLETE", FinishReason.Stop)]
    [InlineData("tool-calls", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("MAX_TOKENS", FinishReason.Length)]
    [InlineData("FINISH_REASON_MAX_TOKENS", FinishReason.Length)]
    [InlineData("model_length", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("content-filter", FinishReason.ContentFilter)]
    [InlineData("SAFETY", FinishReason.ContentFilter)]
    [InlineData("RECITATION", FinishReason.ContentFilter)]
    [InlineData("sensitive", FinishReason.ContentFilter)]
    [InlineData("guardrail_intervened", FinishReason.ContentFilter)]
    [InlineData("refusal", FinishReason.Refusal)]
    [InlineData("end_of_sequence", FinishReason.Stop)]
    [InlineData("normal", FinishReason.Stop)]
    [InlineData("MAX_TOKENS_REACHED", FinishReason.Length)]
    [InlineData("context_window_exceeded", FinishReason.Length)]
    [InlineData("output_token_limit", FinishReason.Length)]
    [InlineData("SAFETY_RATINGS_EXCEEDED", FinishReason.ContentFilter)]
    [InlineData("prohibited_use", FinishReason.ContentFilter)]
    public void A_known_word_has_its_meaning(string word, FinishReason finish)
    {
        var body = Replies.ChatMessage("""{"content":"It is done."}""", word);

        Problem(Chat, body).Should().BeNull();
        Chat.Read(Endpoints.Spec(), body).Finish.Should().Be(finish);
    }

    [Theory]
    [InlineData("\"error\"", "an answer that ended by \"error\"")]
    [InlineData("\"abort\"", "an answer that ended by \"abort\"")]
    [InlineData("\"network_error\"", "an answer that ended by \"network_error\"")]
    [InlineData("\"insufficient_system_resource\"", "an answer that ended by \"insufficient_system_resource\"")]
    [InlineData("\"something_new\"", "an answer that ended by \"something_new\"")]
    [InlineData("\"function_call_filter: MALFORMED_FUNCTION_CALL\"", "an answer that ended by an unknown reason")]
    [InlineData("\"max_tokens_error\"", "an answer that ended by \"max_tokens_error\"")]
    [InlineData("\"do not show <this>\"", "an answer that ended by an unknown reason")]
    [InlineData("\"\"", "an answer that ended by an unknown reason")]
    [InlineData("null", "an answer that does not say why it ended")]
    [InlineData("\"stop\",\"native_finish_reason\":\"error\"", "an answer that ended by \"error\"")]
    [InlineData(
        "\"stop\",\"provider_specific_fields\":{\"native_finish_reason\":\"insufficient_system_resource\"}",
        "an answer that ended by \"insufficient_system_resource\""
    )]
    public void An_unknown_word_is_never_success(string finish, string problem)
    {
        var body = Replies.ChatMessage("""{"content":"Your loan of Du"}""", "stop").Replace("\"stop\"", finish, StringComparison.Ordinal);

        Problem(Chat, body).Should().Be(problem);
        Chat.Read(Endpoints.Spec(), body).Finish.Should().Be(FinishReason.Length, "an old journal may hold it, and it is no clean end");
    }

    [Fact]
    public void A_server_that_never_says_why_is_believed() =>
        Problem(Chat, """{"choices":[{"message":{"content":"fine"}}]}""").Should().BeNull();

    [Theory]
    [InlineData("""  "status":"completed" """, "{}", null, FinishReason.Stop)]
    [InlineData("""  "status":"incomplete","incomplete_details":{"reason":"max_output_tokens"} """, "{}", null, FinishReason.Length)]
    [InlineData("""  "status":"incomplete","incomplete_details":{"reason":"content_filter"} """, "{}", null, FinishReason.ContentFilter)]
    [InlineData(
        """  "status":"incomplete","incomplete_details":null """,
        "{}",
        "a response that is incomplete and does not say why",
        FinishReason.Length
    )]
    [InlineData(
        """  "status":"incomplete","incomplete_details":{"reason":"tired"} """,
        "{}",
        "a response that is incomplete by \"tired\"",
        FinishReason.Length
    )]
    [InlineData("""  "status":"failed","error":null """, "{}", "a response that failed", FinishReason.Length)]
    [InlineData("""  "status":"cancelled" """, "{}", "a response that was cancelled", FinishReason.Length)]
    [InlineData("""  "status":"queued" """, "{}", "a response that is not finished", FinishReason.Length)]
    [InlineData("""  "status":"in_progress" """, "{}", "a response that is not finished", FinishReason.Length)]
    [InlineData("""  "status":"expired" """, "{}", "a response whose status is \"expired\"", FinishReason.Length)]
    [InlineData(
        """  "status":"completed" """,
        """{"status":"incomplete"}""",
        "a response with a part that is not finished",
        FinishReason.Length
    )]
    public void Each_status_of_a_response_has_its_meaning(string status, string item, string? problem, FinishReason finish)
    {
        var part = ((JsonMap)Json.Parse("""{"type":"message","content":[{"type":"output_text","text":"Your loan of Du"}]}""")).With(
            "status",
            Json.Parse(item)["status"]
        );
        var body = "{" + status + ",\"output\":[" + part + "]}";

        Problem(Responses, body).Should().Be(problem);
        Responses.Read(Endpoints.Spec(), body).Finish.Should().Be(finish);
    }

    [Theory]
    [InlineData("server_error", "error", true)]
    [InlineData("rate_limit_exceeded", "429", true)]
    [InlineData("insufficient_quota", "insufficient_quota", false)]
    public async Task A_failed_response_is_what_its_code_says(string code, string reason, bool isTransient)
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says($$$"""{"object":"response","status":"failed","output":[],"error":{"code":"{{{code}}}","message":"x"}}""")
        );

        var failure = await FluentActions
            .Awaiting(() =>
                Endpoints
                    .Client(Endpoints.Spec(server.Url) with { Protocol = EndpointProtocol.Responses })
                    .Send(Endpoints.Request(), default)
                    .AsTask()
            )
            .Should()
            .ThrowAsync<EndpointException>();

        (failure.Which.Reason, failure.Which.IsTransient).Should().Be((reason, isTransient));
    }

    [Fact]
    public void Words_in_one_choice_and_the_call_in_the_next_are_one_answer()
    {
        var body = Choices(
            """{"content":"Let me look that up."}""",
            """{"content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"cancel_order","arguments":"{}"}}]}"""
        );

        Problem(Chat, body).Should().BeNull();
        var answer = Chat.Read(Endpoints.Spec(), body);

        (answer.Message.Content, answer.Message.ToolCalls.Single().Name, answer.Finish)
            .Should()
            .Be(("Let me look that up.", "cancel_order", FinishReason.ToolCalls));
    }

    [Fact]
    public void Calls_that_stand_in_a_choice_each_are_one_answer()
    {
        static string Call(string id) =>
            $$$"""{"tool_calls":[{"id":"{{{id}}}","type":"function","function":{"name":"cancel_order","arguments":"{}"}}]}""";
        var body = Choices("""{"content":"Both."}""", Call("c1"), Call("c2"));

        Problem(Chat, body).Should().BeNull();
        Chat.Read(Endpoints.Spec(), body).Message.ToolCalls.Select(c => c.Id).Should().Equal("c1", "c2");
    }

    [Fact]
    public void Two_answers_where_one_was_asked_for_are_none() =>
        Problem(Chat, Choices("""{"content":"Yes."}""", """{"content":"No."}""")).Should().Be("several choices where one was asked for");

    [Fact]
    public void A_call_in_the_form_before_there_were_several_is_read()
    {
        var answer = Chat.Read(
            Endpoints.Spec(),
            Replies.ChatMessage(
                """{"content":null,"function_call":{"name":"cancel_order","arguments":"{\"order_id\":\"W1\"}"}}""",
                "function_call"
            )
        );

        answer.Message.ToolCalls.Select(c => (c.Name, c.Arguments)).Should().Equal(("cancel_order", "{\"order_id\":\"W1\"}"));
    }

    private static string? Problem(IChatProtocol protocol, string body) => protocol.Problem(Encoding.UTF8.GetBytes(body), out _);

    private static string Choices(params string[] messages) =>
        Json.Map(
                (
                    "choices",
                    Json.List(
                        messages.Select((m, i) => Json.Map(("index", i), ("finish_reason", "tool_calls"), ("message", Json.Parse(m))))
                    )
                )
            )
            .ToString();
}
