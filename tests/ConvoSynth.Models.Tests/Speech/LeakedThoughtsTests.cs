using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace ConvoSynth.Models.Tests;

/// <summary>Thoughts in the text of an answer, for every protocol and role, over HTTP.</summary>
public sealed class LeakedThoughtsTests
{
    private const string Thought = "They want ###STOP###, maybe.";
    private const string Leaked = $"<think>\n{Thought}\n</think>\n\nGood morning.";

    private readonly MemoryJournal _journal = new();

    [Theory]
    [InlineData(EndpointProtocol.Chat, ModelRole.Agent)]
    [InlineData(EndpointProtocol.Chat, ModelRole.Human)]
    [InlineData(EndpointProtocol.Responses, ModelRole.Agent)]
    [InlineData(EndpointProtocol.Responses, ModelRole.Human)]
    [InlineData(EndpointProtocol.Messages, ModelRole.Agent)]
    [InlineData(EndpointProtocol.Messages, ModelRole.Human)]
    public async Task Thoughts_are_kept_as_reasoning_and_never_said_nor_sent_again(EndpointProtocol protocol, ModelRole role)
    {
        await using var server = await ModelServer.Start(Says(protocol, Leaked));
        using var models = Endpoints.Models(Endpoints.Run(Spec(protocol, server.Url)));
        var model = role == ModelRole.Agent ? models.Agent : models.Human;
        var request = Endpoints.Ask(Message.User("hi")) with
        {
            Role = role,
            Journal = _journal,
            Tools = role == ModelRole.Agent ? [Endpoints.Tool] : [],
        };

        var said = await model.Respond(request, default);
        var replayed = await model.Respond(request, default);
        await model.Respond(request with { Messages = [Message.User("hi"), said.Message, Message.User("go on")], Step = 3 }, default);

        (said.Message.Content, said.Message.Reasoning?.Text, said.Finish).Should().Be(("Good morning.", Thought, FinishReason.Stop));
        replayed.Should().BeEquivalentTo(said);
        _journal.Calls.Values.First().Body.Should().Contain(Thought, "the journal has the answer as it came");
        server.Seen[1].Body.Should().Contain("Good morning.").And.NotContain(Thought);
    }

    [Fact]
    public async Task Thoughts_beside_a_call_leave_no_text()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(
                Replies.ChatMessage(
                    Json.Map(
                            ("content", "<think>I look it up."),
                            (
                                "tool_calls",
                                Json.List(Json.Map(("id", "c1"), ("function", Json.Map(("name", "cancel_order"), ("arguments", "{}")))))
                            )
                        )
                        .ToString(),
                    "tool_calls"
                )
            )
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        var said = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default);

        (said.Message.Content, said.Message.Reasoning?.Text, said.Finish).Should().Be((null, "I look it up.", FinishReason.ToolCalls));
    }

    [Fact]
    public async Task Where_reasoning_is_echoed_thoughts_from_the_text_go_back_apart_from_it()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat(Leaked));
        using var models = Endpoints.Models(
            Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url) with { ReasoningEcho = ReasoningEcho.Always })
        );

        var said = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default);
        await models.Agent.Respond(Endpoints.Ask(Message.User("hi"), said.Message, Message.User("go on")), default);

        var sent = server.Seen[1].Json["messages"].Items[2];
        (sent["content"].Text, sent["reasoning_content"].Text).Should().Be(("Good morning.", Thought));
    }

    [Fact]
    public async Task Thoughts_of_both_kinds_are_shown_together()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(
                Replies.ChatMessage(Json.Map(("reasoning_content", "First."), ("content", "<think>Then.</think>Hello.")).ToString())
            )
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        (await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default))
            .Message.Reasoning.Should()
            .BeEquivalentTo(
                new
                {
                    Endpoint = "local",
                    Items = Json.Map(("reasoning_content", "First.")),
                    Text = "First.\n\nThen.",
                }
            );
    }

    [Fact]
    public async Task Thoughts_that_a_server_gives_in_both_places_are_shown_once()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(
                Replies.ChatMessage(Json.Map(("reasoning_content", "First."), ("content", "<think>First.</think>Hello.")).ToString())
            )
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        (await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default))
            .Message.Should()
            .Match<Message>(m => m.Content == "Hello." && m.Reasoning!.Text == "First.");
    }

    [Theory]
    [InlineData("""[{"type":"thinking","thinking":[{"type":"text","text":"First."}]},{"type":"text","text":"Hello."}]""")]
    [InlineData("""[{"type":"reasoning","text":"First."},{"type":"text","text":"Hello."}]""")]
    public async Task Parts_of_thoughts_are_no_speech(string parts)
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatMessage(Json.Map(("content", Json.Parse(parts))).ToString()))
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        (await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default))
            .Message.Should()
            .Match<Message>(m => m.Content == "Hello." && m.Reasoning!.Text == "First.");
    }

    [Theory]
    [InlineData(EndpointProtocol.Chat)]
    [InlineData(EndpointProtocol.Responses)]
    [InlineData(EndpointProtocol.Messages)]
    public async Task An_answer_of_thoughts_alone_is_asked_for_again_and_never_journaled(EndpointProtocol protocol)
    {
        await using var server = await ModelServer.Start(
            Says(protocol, "<think>Hm.</think>\n"),
            Says(protocol, "<think>Hm, I never"),
            Says(protocol, Leaked)
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(protocol, server.Url)));

        var said = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")) with { Journal = _journal }, default);

        said.Message.Content.Should().Be("Good morning.");
        said.Calls.Single().FailedTries.Select(t => t.Reason).Should().Equal("malformed", "malformed");
        _journal.Calls.Should().ContainSingle();
    }

    [Fact]
    public async Task An_answer_that_its_server_took_for_thoughts_as_a_whole_is_asked_for_again()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatMessage("""{"content":null,"reasoning_content":"Good morning."}""")),
            ModelServer.Chat("Good morning.")
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        var said = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")) with { Journal = _journal }, default);

        said.Message.Content.Should().Be("Good morning.");
        said.Calls.Single().FailedTries.Select(t => t.Reason).Should().Equal("malformed");
    }

    [Fact]
    public async Task Thoughts_that_the_limit_cut_off_are_an_answer_that_was_cut_off()
    {
        await using var server = await ModelServer.Start(
            ModelServer.Says(Replies.ChatMessage("""{"content":"<think>I wonder whe"}""", "length"))
        );
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        var said = await models.Agent.Respond(Endpoints.Ask(Message.User("hi")), default);

        (said.Finish, said.Message.Content, said.Message.Reasoning?.Text).Should().Be((FinishReason.Length, "", "I wonder whe"));
        server.Seen.Should().ContainSingle("another try would be cut off at the same place");
    }

    [Theory]
    [InlineData("<think>Maybe {\"yes\": false}? No, it is so.</think>\n{\"yes\": true}")]
    [InlineData("Maybe {\"yes\": false}? No, it is so.\n</think>\n```json\n{\"yes\": true}\n```\nThat {is} all.")]
    [InlineData("A draft: {\"yes\": false}. {No.} The answer:\n{\"yes\": true}<|im_end|>")]
    [InlineData("<|channel|>analysis<|message|>{\"yes\": false}<|end|><|start|>assistant<|channel|>final<|message|>{\"yes\": true}")]
    [InlineData("{\"yes\": true}\n\n{\"note\": \"an object of another shape\"}")]
    public async Task A_judge_is_read_behind_its_thoughts_and_drafts(string content)
    {
        await using var server = await ModelServer.Start(ModelServer.Chat(content));
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        var answer = await models.Structured("local").Ask(Question, default);

        (answer.Value, answer.Problem).Should().Be((Json.Map(("yes", true)), null));
        server.Seen.Should().ContainSingle();
    }

    [Theory]
    [InlineData("""{"content":"{\"yes\": true,}"}""")]
    [InlineData("""{"content":"{\"yes\": true, // as it says\n}"}""")]
    [InlineData("""{"content":"\"{\\\"yes\\\": true}\""}""")]
    [InlineData("""{"content":"{\"yes\": true, \"confidence\": 0.9}"}""")]
    [InlineData("""{"content":null,"reasoning_content":"{\"yes\": true}"}""")]
    [InlineData("""{"content":{"yes":true}}""")]
    [InlineData("""{"content":null,"tool_calls":[{"id":"c1","function":{"name":"json","arguments":"{\"yes\": true}"}}]}""")]
    public async Task A_judge_s_answer_is_read_in_every_form_that_servers_give_it(string message)
    {
        await using var server = await ModelServer.Start(ModelServer.Says(Replies.ChatMessage(message)));
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        var answer = await models.Structured("local").Ask(Question, default);

        (answer.Value, answer.Problem).Should().Be((Json.Map(("yes", true)), null));
        server.Seen.Should().ContainSingle();
    }

    [Fact]
    public async Task A_judge_that_only_thinks_of_an_answer_has_given_none()
    {
        await using var server = await ModelServer.Start(ModelServer.Chat("<think>{\"yes\": true}</think>I cannot say."));
        using var models = Endpoints.Models(Endpoints.Run(Spec(EndpointProtocol.Chat, server.Url)));

        (await models.Structured("local").Ask(Question, default)).Problem.Should().StartWith("the answer is no JSON");
    }

    [Fact]
    public async Task A_client_of_another_package_has_its_thoughts_taken_out_as_well()
    {
        var model = new ChatClientModel(new Saying("<think>Hm.</think>Hello.", "<think>Hm."), Endpoints.Spec(), TimeProvider.System);
        var request = Endpoints.Ask(Message.User("hi")) with { Journal = _journal };

        (await model.Respond(request, default)).Message.Content.Should().Be("Hello.");
        await model
            .Invoking(m => m.Respond(request with { Step = 3 }, default).AsTask())
            .Should()
            .ThrowAsync<TransientModelException>()
            .WithMessage("*thoughts and not a word of speech*");
        _journal.Calls.Should().ContainSingle();
    }

    private static StructuredRequest Question =>
        new()
        {
            Key = new(new("run", 1, 0), "judge:local", 0),
            System = "s",
            User = "Is it?",
            SchemaName = "verdict",
            Repairs = 0,
            Schema = Json.Parse(
                """{"type":"object","properties":{"yes":{"type":"boolean"}},"required":["yes"],"additionalProperties":false}"""
            ),
        };

    private static EndpointSpec Spec(EndpointProtocol protocol, string url) =>
        protocol == EndpointProtocol.Messages
            ? new()
            {
                Name = "local",
                Provider = EndpointProvider.Anthropic,
                Protocol = protocol,
                Model = "m-1",
                Url = url,
                KeyVariable = "KEY",
                ReasoningEcho = ReasoningEcho.Always,
            }
            : Endpoints.Spec(url) with
            {
                Protocol = protocol,
            };

    private static Func<HttpContext, Task> Says(EndpointProtocol protocol, string text) =>
        ModelServer.Says(
            protocol switch
            {
                EndpointProtocol.Chat => Replies.Chat(text),
                EndpointProtocol.Responses => Replies.Response(
                    Json.Map(("type", "message"), ("content", Json.List(Json.Map(("type", "output_text"), ("text", text))))).ToString()
                ),
                _ => Json.Map(
                        ("type", "message"),
                        ("model", "m"),
                        ("content", Json.List(Json.Map(("type", "text"), ("text", text)))),
                        ("stop_reason", "end_turn"),
                        ("usage", Json.Map(("input_tokens", 4), ("output_tokens", 20)))
                    )
                    .ToString(),
            }
        );

    private sealed class Saying(params string[] texts) : IChatClient
    {
        private int _count;

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                new ChatResponse(new ChatMessage(ChatRole.Assistant, texts[_count++])) { FinishReason = ChatFinishReason.Stop }
            );

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}
