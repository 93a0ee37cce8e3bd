using System.Text.Json;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Export.Tasks;
using ConvoSynth.Serve.Rewards;

namespace ConvoSynth.Serve.Tests;

/// <summary>Whole episodes over OpenEnv's WebSocket.</summary>
public sealed class GoldEpisodeTests
{
    [Theory]
    [InlineData(RewardRule.Exact)]
    [InlineData(RewardRule.TauBench)]
    [InlineData(RewardRule.Strict)]
    public async Task An_agent_that_solves_a_task_gets_1_and_every_observation_that_was_rehearsed(RewardRule rule)
    {
        var gold = await Gold.Moves(Served.Library);
        await using var served = await Served.With(rule);
        using var socket = await served.Socket();
        foreach (var (task, moves) in gold)
        {
            var reset = await Reset(socket, task);
            reset.GetProperty("reward").ValueKind.Should().Be(JsonValueKind.Null);
            reset.GetProperty("observation").GetProperty("message").GetString().Should().NotBeNullOrEmpty();
            JsonElement last = default;
            foreach (var move in moves)
            {
                if (move.ToolCalls.IsEmpty)
                    last = await socket.Call(ReplyTool.Name, new { text = move.Content });
                foreach (var call in move.ToolCalls)
                    last = await socket.Call(call.Name, JsonElement.Parse(call.Arguments));
            }

            last.GetProperty("done").GetBoolean().Should().BeTrue(task);
            last.GetProperty("reward").GetDouble().Should().Be(1, last.ToString());
            var metadata = last.GetProperty("observation").GetProperty("metadata");
            metadata.GetProperty("excluded").ValueKind.Should().Be(JsonValueKind.Null);
            metadata.GetProperty("components").GetProperty("outcome.end-state").GetBoolean().Should().BeTrue();
        }
    }

    [Fact]
    public async Task An_agent_that_only_chats_gets_0_and_learns_why()
    {
        await using var served = await Served.Start();
        using var socket = await served.Socket();
        for (var seed = 0; seed < 12; seed++)
        {
            await socket.Ask(new { type = "reset", data = new { seed } });
            JsonElement last = default;
            do
            {
                last = await socket.Call(ReplyTool.Name, new { text = "I see." });
            } while (!last.GetProperty("done").GetBoolean());

            last.GetProperty("reward").ValueKind.Should().Be(JsonValueKind.Number, last.ToString());
            last.GetProperty("reward").GetDouble().Should().Be(0);
            last.GetProperty("observation").GetProperty("metadata").GetProperty("failed").GetArrayLength().Should().BePositive();
        }
    }

    [Fact]
    public async Task A_message_reaches_the_human_as_the_tool_does()
    {
        var (task, moves) = (await Gold.Moves(Served.Library)).First();
        await using var served = await Served.Start();
        using var socket = await served.Socket();
        using var other = await served.Socket();
        await Reset(socket, task);
        await Reset(other, task);
        var text = moves.First(m => m.ToolCalls.IsEmpty).Content;

        var said = await socket.Step(new { type = "message", text });
        var called = await other.Call(ReplyTool.Name, new { text });

        said.GetProperty("observation")
            .GetProperty("message")
            .GetString()
            .Should()
            .Be(called.GetProperty("observation").GetProperty("result").GetString());
    }

    [Fact]
    public async Task What_one_session_writes_no_other_sees()
    {
        var gold = await Gold.Moves(Served.Library);
        await using var served = await Served.Start();
        var (task, moves) = gold.First();
        var results = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            using var socket = await served.Socket();
            await Reset(socket, task);
            var texts = new List<string?>();
            foreach (var call in moves.SelectMany(m => m.ToolCalls))
                texts.Add(
                    (await socket.Call(call.Name, JsonElement.Parse(call.Arguments)))
                        .GetProperty("observation")
                        .GetProperty("result")
                        .GetString()
                );
            results.Add(string.Join('\n', texts));
        }

        results[1].Should().Be(results[0]);
    }

    private static async Task<JsonElement> Reset(Socket socket, string task) =>
        (await socket.Ask(new { type = "reset", data = new { task_id = task } })).GetProperty("data");
}
