using System.Net.WebSockets;
using System.Text.Json;
using ConvoSynth.Serve.Frames;

namespace ConvoSynth.Serve.Tests;

/// <summary>What OpenEnv's clients get for what they must not send.</summary>
public sealed class OpenEnvErrorTests
{
    [Theory]
    [InlineData("{", "INVALID_JSON")]
    [InlineData("", "INVALID_JSON")]
    [InlineData("[]", "VALIDATION_ERROR")]
    [InlineData("{}", "UNKNOWN_TYPE")]
    [InlineData("""{"type":"jump"}""", "UNKNOWN_TYPE")]
    [InlineData("""{"type":"state","data":{}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"reset","data":{"seed":-1}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"reset","data":{"seed":"one"}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"reset","data":{"task_id":"no such"}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"reset","data":{"index":12}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"step"}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"step","data":{"type":"fly"}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"step","data":{"type":"call_tool","tool_name":3}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"step","data":{"type":"call_tool","tool_name":"a","arguments":[]}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"step","data":{"type":"call_tool","tool_name":"a","extra":1}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"step","data":{"type":"call_tool","tool_name":"\ud800"}}""", "VALIDATION_ERROR")]
    [InlineData("""{"type":"step","data":{"type":"call_tool","tool_name":"find_title"}}""", "EXECUTION_ERROR")]
    public async Task A_wrong_message_gets_its_code_and_the_session_lives_on(string message, string code)
    {
        await using var served = await Served.Start();
        using var socket = await served.Socket();

        await socket.Send(message);
        var error = (await socket.Receive())!.Value;

        error.GetProperty("type").GetString().Should().Be("error");
        error.GetProperty("data").GetProperty("code").GetString().Should().Be(code);
        error.GetProperty("data").GetProperty("message").GetString().Should().NotBeNullOrEmpty();
        (await socket.Ask(new { type = "reset" })).GetProperty("type").GetString().Should().Be("observation");
    }

    [Fact]
    public async Task A_step_after_the_end_is_an_error_until_the_next_reset()
    {
        await using var served = await Served.Start();
        using var socket = await served.Socket();
        await socket.Ask(new { type = "reset", data = new { index = 0 } });
        while (!(await socket.Step(new { type = "message", text = "Hm." })).GetProperty("done").GetBoolean()) { }

        var late = await socket.Ask(new { type = "step", data = new { type = "message", text = "Hm." } });

        late.GetProperty("data").GetProperty("code").GetString().Should().Be("EXECUTION_ERROR");
        late.GetProperty("data").GetProperty("message").GetString().Should().Contain("done");
        (await socket.Ask(new { type = "reset" })).GetProperty("type").GetString().Should().Be("observation");
    }

    [Theory]
    [InlineData("no_such_tool", "{}", "tool_not_found")]
    [InlineData("find_title", """{"colour":"red"}""", "invalid_args")]
    [InlineData("reply_to_customer", """{"words":"Hello"}""", "invalid_args")]
    public async Task A_call_that_is_no_call_gets_the_error_of_tools(string tool, string arguments, string type)
    {
        await using var served = await Served.Start();
        using var socket = await served.Socket();
        await socket.Ask(new { type = "reset", data = new { index = 0 } });

        var observation = (await socket.Call(tool, JsonElement.Parse(arguments))).GetProperty("observation");

        observation.GetProperty("result").ValueKind.Should().Be(JsonValueKind.Null);
        observation.GetProperty("error").GetProperty("error_type").GetString().Should().Be(type);
    }

    [Fact]
    public async Task A_message_over_8_MiB_ends_the_connection_with_its_reason()
    {
        await using var served = await Served.Start();
        using var socket = await served.Socket();

        await socket.Send(new string(' ', SocketChannel.MaxBytes + 1));
        var error = (await socket.Receive())!.Value;

        error.GetProperty("data").GetProperty("code").GetString().Should().Be("SESSION_ERROR");
        error.GetProperty("data").GetProperty("message").GetString().Should().Contain("8 MiB");
        (await socket.Receive()).Should().BeNull();
        socket.Closed.Should().Be(WebSocketCloseStatus.MessageTooBig);
        var (status, body) = await served.Post("/reset", new { episode = new string('x', SocketChannel.MaxBytes) });
        status.Should().Be(413);
        body.GetProperty("detail").GetString().Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_request_has_an_environment_of_its_own_so_it_can_be_reset_and_not_played()
    {
        await using var served = await Served.Start();

        var (reset, observation) = await served.Post("/reset", new { seed = 3 });
        var (listed, tools) = await served.Post("/step", new { action = new { type = "list_tools" } });
        var (stepped, error) = await served.Post("/step", new { action = new { type = "call_tool", tool_name = "find_title" } });
        var (state, fresh) = await served.Get("/state");

        reset.Should().Be(200);
        observation.GetProperty("done").GetBoolean().Should().BeFalse();
        listed.Should().Be(200);
        tools.GetProperty("observation").GetProperty("tools").GetArrayLength().Should().BeGreaterThan(3);
        stepped.Should().Be(422);
        error.GetProperty("detail")[0].GetProperty("msg").GetString().Should().Contain("/ws");
        state.Should().Be(200);
        fresh.GetProperty("step_count").GetInt32().Should().Be(0);
        served.Server.Sessions.Should().Be(0);
    }

    [Fact]
    public async Task OpenEnvs_validator_finds_a_server_that_can_be_trained_on()
    {
        await using var served = await Served.Start();

        var (_, api) = await served.Get("/openapi.json");
        var (_, schemas) = await served.Get("/schema");

        api.GetProperty("info").GetProperty("version").ValueKind.Should().Be(JsonValueKind.String);
        api.GetProperty("paths").EnumerateObject().Select(p => p.Name).Should().Contain(["/reset", "/step", "/state"]);
        foreach (var path in api.GetProperty("paths").EnumerateObject().Where(p => p.Value.TryGetProperty("get", out _)))
            (await served.Get(path.Name)).Status.Should().Be(200, path.Name);
        schemas.EnumerateObject().Select(s => s.Name).Should().Equal("action", "observation", "state");
    }

    [Fact]
    public async Task A_socket_speaks_the_model_context_protocol_on_its_own_episode()
    {
        await using var served = await Served.Start();
        using var socket = await served.Socket();
        var early = await Rpc("tools/call", new { name = "find_title", arguments = new { title = "x" } });
        early.GetProperty("error").GetProperty("code").GetInt32().Should().Be(-32000);
        await socket.Ask(new { type = "reset", data = new { index = 0 } });

        var tools = await Rpc("tools/list", new { });
        var called = await Rpc("tools/call", new { name = "reply_to_customer", arguments = new { text = "Hello" } });
        var state = await socket.Ask(new { type = "state" });

        tools.GetProperty("result").GetProperty("tools").GetArrayLength().Should().BeGreaterThan(3);
        called.GetProperty("result").GetProperty("isError").GetBoolean().Should().BeFalse();
        state.GetProperty("data").GetProperty("step_count").GetInt32().Should().Be(1);

        async Task<JsonElement> Rpc(string method, object parameters) =>
            (
                await socket.Ask(
                    new
                    {
                        type = "mcp",
                        data = new
                        {
                            jsonrpc = "2.0",
                            id = 1,
                            method,
                            @params = parameters,
                        },
                    }
                )
            ).GetProperty("data");
    }
}
