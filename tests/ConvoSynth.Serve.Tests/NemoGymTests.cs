using System.Text.Json;

namespace ConvoSynth.Serve.Tests;

public sealed class NemoGymTests
{
    [Fact]
    public async Task A_rollout_through_the_routes_gets_its_reward_with_the_same_components_in_every_task()
    {
        var gold = await Gold.Moves(Served.Library);
        await using var served = await Served.Start();
        var keys = new HashSet<string>();
        foreach (var (task, moves) in gold)
        {
            await Seed(served, task);
            foreach (var move in moves)
            {
                if (move.ToolCalls.IsEmpty)
                    await served.Post("/reply_to_customer", new { text = move.Content });
                foreach (var call in move.ToolCalls)
                    (await served.Post($"/{call.Name}", JsonElement.Parse(call.Arguments))).Status.Should().Be(200);
            }

            var (status, verified) = await served.Post("/verify", Verify(task, []));

            status.Should().Be(200, verified.ToString());
            verified.GetProperty("reward").GetDouble().Should().Be(1);
            verified.GetProperty("kept").GetString().Should().Be("as it came");
            verified.TryGetProperty("_ng_failure_class", out _).Should().BeFalse();
            keys.Add(string.Join(',', verified.GetProperty("reward_components").EnumerateObject().Select(c => c.Name)));
        }

        keys.Should().ContainSingle();
        served.Server.Sessions.Should().Be(0);
    }

    [Fact]
    public async Task An_agent_that_leaves_with_a_last_message_gets_0()
    {
        await using var served = await Served.Start();
        await Seed(served, null);
        object[] output =
        [
            new
            {
                type = "message",
                role = "assistant",
                content = new[] { new { type = "output_text", text = "All done." } },
            },
        ];

        var (_, verified) = await served.Post("/verify", Verify("any", output));

        verified.GetProperty("reward").GetDouble().Should().Be(0);
        verified.GetProperty("failed").EnumerateArray().Select(f => f.GetString()).Should().Contain(f => f!.StartsWith("conversation.end"));
    }

    [Fact]
    public async Task What_nemo_gym_refuses_is_refused_with_its_status()
    {
        await using var served = await Served.Start();
        (await served.Post("/find_title", new { })).Status.Should().Be(400);
        (await served.Post("/verify", new { })).Status.Should().Be(400);
        (await served.Post("/seed_session", new { })).Status.Should().Be(422);
        (await served.Post("/seed_session", new { task_id = "no such" })).Status.Should().Be(422);
        (await served.Get("/reverify_mode")).Body.GetString().Should().Be("unsupported");

        await Seed(served, null);

        (await served.Post("/no_tool", new { })).Status.Should().Be(404);
        (await served.Post("/find_title", new { title = 3, more = 1 })).Body.GetString().Should().StartWith("Error: invalid arguments");
        (await served.Post("/verify", new { responses_create_params = new { } })).Status.Should().Be(422);
    }

    [Fact]
    public async Task The_token_of_a_seeded_session_opens_its_tools_over_mcp()
    {
        await using var served = await Served.Start();
        var seeded = await Seed(served, null);
        var (name, token) = seeded
            .GetProperty("mcp")
            .GetProperty("headers")
            .EnumerateObject()
            .Select(h => (h.Name, h.Value.GetString()))
            .Single();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = System.Net.Http.Json.JsonContent.Create(
                new
                {
                    jsonrpc = "2.0",
                    id = 1,
                    method = "tools/call",
                    @params = new { name = "reply_to_customer", arguments = new { text = "Hello" } },
                }
            ),
        };
        request.Headers.Add(name, token);

        using var answer = await served.Http.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"isError\":false");
        served.Server.Sessions.Should().Be(1);
    }

    [Fact]
    public async Task Aggregates_leave_excluded_rollouts_out()
    {
        await using var served = await Served.Start();
        object[] responses =
        [
            new { reward = 1.0, _ng_task_index = 0 },
            new { reward = 0.0, _ng_task_index = 0 },
            new { reward = 1.0, _ng_task_index = 1 },
            new
            {
                reward = 0.0,
                _ng_task_index = 1,
                _ng_failure_class = "excluded",
            },
        ];

        var (_, total) = await served.Post("/aggregate_metrics", new { verify_responses = responses });

        total.GetProperty("key_metrics").GetProperty("mean/reward").GetDouble().Should().BeApproximately(2.0 / 3, 1e-12);
        total.GetProperty("agent_metrics").GetProperty("excluded").GetInt32().Should().Be(1);
        total.GetProperty("group_level_metrics")[0].GetProperty("mean/reward").GetDouble().Should().Be(0.5);
        total.GetProperty("group_level_metrics")[1].GetProperty("std/reward").GetDouble().Should().Be(0);
    }

    private static async Task<JsonElement> Seed(Served served, string? task)
    {
        var (status, body) = task is null
            ? await served.Post("/seed_session", new { index = 0 })
            : await served.Post("/seed_session", new { task_id = task });
        status.Should().Be(200, body.ToString());
        return body;
    }

    private static object Verify(string task, object[] output) =>
        new
        {
            task_id = task,
            kept = "as it came",
            responses_create_params = new { input = Array.Empty<object>() },
            response = new { id = "r", output },
        };
}
