using ConvoSynth.Core.Dialogues;
using ConvoSynth.Models.Asking;
using Microsoft.Extensions.AI;

namespace ConvoSynth.Models.Tests;

/// <summary>A role on any package's client.</summary>
public sealed class ChatClientModelTests
{
    [Fact]
    public async Task A_client_of_another_package_plays_the_agent_through_the_journal()
    {
        var client = new FakeClient();
        var journal = new MemoryJournal();
        var model = new ChatClientModel(client, Endpoints.Spec() with { Price = new(1, 1) }, new FakeTimeProvider());
        var request = Endpoints.Ask(
            Message.User("hi"),
            Message.Calls(new("c0", "cancel_order", "{\"order_id\":\"W0\"}"), new ToolCall("c1", "cancel_order", "{broken")),
            Message.Observation(new("c0", "cancel_order", ""), "done")
        ) with
        {
            Journal = journal,
        };

        var asked = await model.Respond(request, default);
        var replayed = await model.Respond(request, default);

        client.Asked.Should().ContainSingle("the second answer comes from the journal");
        replayed.Should().BeEquivalentTo(asked);
        asked.Message.ToolCalls.Should().Equal(new ToolCall("c9", "cancel_order", "{\"order_id\":\"W1\",\"count\":2}"));
        (asked.Finish, asked.Model, asked.Usage, asked.Calls.Single().Cost)
            .Should()
            .Be((FinishReason.ToolCalls, "claude", new Usage(100, 40, 20, 5), 0.00012m));
        var (messages, options) = client.Asked[0];
        messages.Select(m => m.Role.Value).Should().Equal("system", "user", "assistant", "tool");
        messages[2]
            .Contents.OfType<FunctionCallContent>()
            .Select(c => c.Arguments!.Keys.Single())
            .Should()
            .Equal("order_id", "invalid_arguments");
        options!.Tools!.Single().Name.Should().Be("cancel_order");
        options.MaxOutputTokens.Should().Be(2048);
    }

    private sealed class FakeClient : IChatClient
    {
        public List<(ChatMessage[] Messages, ChatOptions? Options)> Asked { get; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            Asked.Add(([.. messages], options));
            var call = new FunctionCallContent(
                "c9",
                "cancel_order",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["order_id"] = "W1", ["count"] = 2 }
            );
            return Task.FromResult(
                new ChatResponse(new ChatMessage(ChatRole.Assistant, [call]))
                {
                    ModelId = "claude",
                    FinishReason = ChatFinishReason.ToolCalls,
                    Usage = new()
                    {
                        InputTokenCount = 100,
                        CachedInputTokenCount = 40,
                        OutputTokenCount = 20,
                        ReasoningTokenCount = 5,
                    },
                }
            );
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}
