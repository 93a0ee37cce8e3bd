using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ConvoSynth.Serve.Tests;

/// <summary>A client's end of a WebSocket.</summary>
internal sealed class Socket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    public WebSocketCloseStatus? Closed => _socket.CloseStatus;

    public static async Task<Socket> Open(string url, string path, Action<ClientWebSocketOptions>? options = null)
    {
        var socket = new Socket();
        options?.Invoke(socket._socket.Options);
        await socket._socket.ConnectAsync(new(url.Replace("http://", "ws://", StringComparison.Ordinal) + path), CancellationToken.None);
        return socket;
    }

    /// <summary>Sends a message and returns the answer.</summary>
    public async Task<JsonElement> Ask(object message)
    {
        await Send(JsonSerializer.Serialize(message));
        return (await Receive())!.Value;
    }

    /// <summary>Steps, and returns observation, reward and whether it is done.</summary>
    public async Task<JsonElement> Step(object action)
    {
        var answer = await Ask(new { type = "step", data = action });
        answer.GetProperty("type").GetString().Should().Be("observation", answer.ToString());
        return answer.GetProperty("data");
    }

    public Task<JsonElement> Call(string tool, object arguments) =>
        Step(
            new
            {
                type = "call_tool",
                tool_name = tool,
                arguments,
            }
        );

    public async Task Send(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, patience.Token);
    }

    /// <summary>The next message; null if the server closed.</summary>
    public async Task<JsonElement?> Receive()
    {
        using var patience = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var got = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            if (got.MessageType == WebSocketMessageType.Close)
                return null;
            length += got.Count;
            if (got.EndOfMessage)
                return JsonElement.Parse(Encoding.UTF8.GetString(_buffer, 0, length));
        }
    }

    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}
