using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ConvoSynth.Serve.Tests;

/// <summary><c>/mcp</c> as OpenEnv's clients and as a standard client use it.</summary>
public sealed class McpTests
{
    [Fact]
    public async Task The_standard_client_connects_lists_tools_and_plays_an_episode_to_its_reward()
    {
        var gold = await Gold.Moves(Served.Library);
        await using var served = await Served.Start();
        var transport = new HttpClientTransport(
            new() { Endpoint = new(served.Server.Url + "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }
        );
        CallToolResult? last = null;
        await using (var client = await McpClient.CreateAsync(transport))
        {
            client.ServerInfo!.Name.Should().Be("convosynth");
            client.ServerInstructions.Should().Contain("The customer says:");
            (await client.ListToolsAsync()).Should().Contain(t => t.Name == "reply_to_customer").And.HaveCountGreaterThan(3);
            // A session takes the next task in order, which is the first.
            foreach (var move in gold.First().Value)
            {
                if (move.ToolCalls.IsEmpty)
                    last = await client.CallToolAsync("reply_to_customer", new Dictionary<string, object?> { ["text"] = move.Content });
                foreach (var call in move.ToolCalls)
                    last = await client.CallToolAsync(call.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.Arguments));
            }

            served.Server.Sessions.Should().Be(1);
        }

        last!.IsError.Should().NotBe(true);
        last.Meta!["done"]!.GetValue<bool>().Should().BeTrue();
        last.Meta["reward"]!.GetValue<double>().Should().Be(1);
    }

    [Fact]
    public async Task OpenEnvs_verbs_hold_one_session_over_requests()
    {
        await using var served = await Served.Start();
        var session = (await Rpc(served, "openenv/session/create", new { })).GetProperty("result").GetProperty("session_id").GetString();

        var tools = await Rpc(served, "tools/list", new { session_id = session });
        var called = await Rpc(
            served,
            "tools/call",
            new
            {
                name = "reply_to_customer",
                arguments = new { text = "Hello" },
                session_id = session,
            }
        );
        var closed = await Rpc(served, "openenv/session/close", new { session_id = session });
        var again = await Rpc(served, "openenv/session/close", new { session_id = session });

        tools.GetProperty("result").GetProperty("tools")[0].TryGetProperty("inputSchema", out _).Should().BeTrue();
        called.GetProperty("result").GetProperty("data").GetString().Should().NotBeEmpty();
        closed.GetProperty("result").GetProperty("closed").GetBoolean().Should().BeTrue();
        again.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32602);
        served.Server.Sessions.Should().Be(0);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"fly"}""", -32601)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", -32600)]
    [InlineData("""{"id":1,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_title"}}""", -32000)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"session_id":"none"}}""", -32602)]
    [InlineData("{", -32700)]
    public async Task A_wrong_request_gets_the_code_of_json_rpc(string request, int code)
    {
        await using var served = await Served.Start();
        using var content = new StringContent(request, System.Text.Encoding.UTF8, "application/json");
        using var answer = await served.Http.PostAsync("/mcp", content);

        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("error");

        error.GetProperty("code").GetInt32().Should().Be(code, error.ToString());
    }

    [Fact]
    public async Task A_socket_of_its_own_begins_an_episode_with_its_first_call()
    {
        await using var served = await Served.Start();
        using var socket = await served.Socket("/mcp");

        var called = await socket.Ask(
            new
            {
                jsonrpc = "2.0",
                id = "a",
                method = "tools/call",
                @params = new { name = "reply_to_customer", arguments = new { text = "Hello" } },
            }
        );

        called.GetProperty("id").GetString().Should().Be("a");
        called.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString().Should().NotBeEmpty();
    }

    private static async Task<JsonElement> Rpc(Served served, string method, object parameters) =>
        (
            await served.Post(
                "/mcp",
                new
                {
                    jsonrpc = "2.0",
                    id = 1,
                    method,
                    @params = parameters,
                }
            )
        ).Body;
}
