using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ConvoSynth.Drills.Serving;

/// <summary>A WebSocket that sends frames made beforehand and hardly reads what comes, so that the load costs little itself.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[512];

    /// <summary>Bytes of the messages received so far.</summary>
    public long Received { get; private set; }

    /// <summary>A text message of a client, under a mask of zeros.</summary>
    public static byte[] FrameOf(string text)
    {
        var data = Encoding.UTF8.GetBytes(text);
        byte[] head =
            data.Length < 126
                ? [0x81, (byte)(0x80 | data.Length), 0, 0, 0, 0]
                : [0x81, 0x80 | 126, (byte)(data.Length >> 8), (byte)data.Length, 0, 0, 0, 0];
        return [.. head, .. data];
    }

    public static async Task<RawSocket> Open(Uri url)
    {
        var socket = new RawSocket();
        await socket._socket.ConnectAsync(url.Host, url.Port);
        await socket._socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"GET /ws HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            )
        );
        var length = 0;
        while (!socket._buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var got = await socket._socket.ReceiveAsync(socket._buffer.AsMemory(length));
            length = got > 0 ? length + got : throw new IOException("the server closed before it answered");
        }

        return Encoding.ASCII.GetString(socket._buffer, 0, length).StartsWith("HTTP/1.1 101", StringComparison.Ordinal)
            ? socket
            : throw new IOException(Encoding.ASCII.GetString(socket._buffer, 0, length));
    }

    /// <summary>Sends a frame and waits for the answer.</summary>
    /// <returns>Whether the answer says that the episode is done; null if the server closed.</returns>
    public async ValueTask<bool?> Ask(byte[] frame)
    {
        await _socket.SendAsync(frame);
        return await Receive();
    }

    public async ValueTask<bool?> Receive()
    {
        var (length, needed) = (0, 2);
        while (length < needed)
        {
            if (needed > _buffer.Length)
                Array.Resize(ref _buffer, needed);
            var got = await _socket.ReceiveAsync(_buffer.AsMemory(length, needed > 2 ? needed - length : _buffer.Length - length));
            if (got == 0)
                return null;
            length += got;
            if (needed == 2 && length >= 4)
                needed = SizeOf(_buffer);
        }

        if ((_buffer[0] & 0x0F) == 8)
            return null;
        Received += length;
        var text = _buffer.AsSpan(0, length);
        if (text.IndexOf("\"type\":\"error\""u8) >= 0)
            throw new InvalidOperationException(Encoding.UTF8.GetString(text));
        return text.EndsWith("\"done\":true}}"u8);
    }

    public void Dispose() => _socket.Dispose();

    private static int SizeOf(ReadOnlySpan<byte> head) =>
        (head[1] & 0x7F) switch
        {
            126 => 4 + BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
            127 => throw new InvalidOperationException("an answer over 64 KiB, which no task of the library has"),
            var small => 2 + small,
        };
}
