using System.Buffers;
using System.Net.WebSockets;

namespace ConvoSynth.Serve.Frames;

/// <summary>
/// Whole messages over one WebSocket. A connection that waits holds no buffer, since most sessions wait for their model most of the time.
/// </summary>
internal sealed class SocketChannel(WebSocket socket, TimeProvider time) : IDisposable
{
    /// <summary>The largest message, 8 MiB: hosts of OpenEnv servers cap messages there.</summary>
    public const int MaxBytes = 8 << 20;

    private const int Piece = 16 << 10;

    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _left = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>The next message, in a buffer to dispose of; null if the client has closed.</summary>
    /// <exception cref="MessageTooLargeException">The message has more than <see cref="MaxBytes"/>.</exception>
    public async ValueTask<IMemoryOwner<byte>?> Receive(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _left.Token);
        // Waits for the first byte without a buffer; a message without bytes ends here, as a close does.
        var first = await socket.ReceiveAsync(Memory<byte>.Empty, either.Token);
        if (first.MessageType == WebSocketMessageType.Close)
            return null;
        if (first.EndOfMessage)
            return new Rented(ArrayPool<byte>.Shared.Rent(1), 0);
        var rented = ArrayPool<byte>.Shared.Rent(Piece);
        var length = 0;
        try
        {
            while (true)
            {
                var got = await socket.ReceiveAsync(rented.AsMemory(length), either.Token);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    ArrayPool<byte>.Shared.Return(rented);
                    return null;
                }

                length += got.Count;
                if (got.EndOfMessage)
                    return new Rented(rented, length);
                if (length >= MaxBytes)
                    throw new MessageTooLargeException();
                if (length == rented.Length)
                    rented = Grown(rented);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
    }

    public async ValueTask Send(Frame frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(frame.Bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says a last message, closes, and waits a little for the client to close too: else it might not read the message.</summary>
    public async Task Leave(Frame? last, WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(Parting, time);
        await Close(last, status, reason, patience.Token);
        var rest = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (socket.State == WebSocketState.CloseSent)
                await socket.ReceiveAsync(rest.AsMemory(), patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone, or does not close: the connection ends without it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rest);
        }
    }

    /// <summary>Says a last message and closes, while another part waits for the client's next message.</summary>
    public async Task Expire(Frame last, string reason)
    {
        using var patience = new CancellationTokenSource(Parting, time);
        using (last)
            await Close(last, WebSocketCloseStatus.PolicyViolation, reason, patience.Token);
        try
        {
            _left.CancelAfter(Parting);
        }
        catch (ObjectDisposedException)
        {
            // The other part has ended in the meantime.
        }
    }

    private async Task Close(Frame? last, WebSocketCloseStatus status, string reason, CancellationToken cancellationToken)
    {
        try
        {
            if (last is not null)
                await Send(last, cancellationToken);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(status, reason, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone already: there is no one left to tell.
        }
    }

    public void Dispose()
    {
        _left.Dispose();
        _sending.Dispose();
    }

    private static byte[] Grown(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(full.Length * 2, MaxBytes + Piece));
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    private sealed class Rented(byte[] buffer, int length) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => buffer.AsMemory(0, length);

        public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
    }
}

/// <summary>A message over the limit.</summary>
internal sealed class MessageTooLargeException() : Exception($"the message has more than {SocketChannel.MaxBytes} bytes (8 MiB)");
