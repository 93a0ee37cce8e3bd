using System.Net.WebSockets;
using System.Text.Json;
using ConvoSynth.Serve.Frames;
using ConvoSynth.Serve.Sessions;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Serve.OpenEnv;

/// <summary>
/// A WebSocket with a session of its own: accepts it, answers its messages in order, and closes the session when either side leaves.
/// OpenEnv's <c>/ws</c> and <c>/mcp</c> differ in their answers and in the form of their errors.
/// </summary>
internal sealed class SocketSession(SessionTable sessions, TimeProvider time)
{
    /// <param name="answer">The answer to a message: a frame, null for none. Sets <c>Leaves</c> to close.</param>
    /// <param name="error">A frame that tells an error: a code of OpenEnv's WebSocket, and the error.</param>
    public async Task Serve(
        HttpContext context,
        Func<ServedSession, JsonElement, ValueTask<(Frame? Frame, bool Leaves)>> answer,
        Func<string, Exception, Frame> error
    )
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var channel = new SocketChannel(socket, time);
        ServedSession session;
        try
        {
            session = sessions.Open(expired: () =>
                _ = channel.Expire(error(OpenEnvError.Session, new ServeException("the session was idle for too long")), "idle")
            );
        }
        catch (CapacityException e)
        {
            using var full = error(OpenEnvError.Capacity, e);
            await channel.Leave(full, WebSocketCloseStatus.PolicyViolation, "full");
            return;
        }

        // A client that is gone in the middle of a call cancels what the call waits for.
        using var gone = context.RequestAborted.Register(() => sessions.Close(session.Id));
        try
        {
            await Loop(channel, session, answer, error, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone, or the session has expired: neither is an error of the server.
        }
        finally
        {
            sessions.Close(session.Id);
        }
    }

    private async Task Loop(
        SocketChannel channel,
        ServedSession session,
        Func<ServedSession, JsonElement, ValueTask<(Frame? Frame, bool Leaves)>> answer,
        Func<string, Exception, Frame> error,
        CancellationToken gone
    )
    {
        while (true)
        {
            try
            {
                using var message = await channel.Receive(gone);
                if (message is null)
                    break;
                sessions.Use(session);
                var (frame, leaves) = await Answer(session, message.Memory, answer, error);
                using (frame)
                {
                    if (leaves)
                        break;
                    if (frame is not null)
                        await channel.Send(frame, gone);
                }
            }
            catch (MessageTooLargeException e)
            {
                using var last = error(OpenEnvError.Session, e);
                await channel.Leave(last, WebSocketCloseStatus.MessageTooBig, "8 MiB");
                return;
            }
        }

        await channel.Leave(null, WebSocketCloseStatus.NormalClosure, "");
    }

    private static async ValueTask<(Frame?, bool)> Answer(
        ServedSession session,
        ReadOnlyMemory<byte> message,
        Func<ServedSession, JsonElement, ValueTask<(Frame? Frame, bool Leaves)>> answer,
        Func<string, Exception, Frame> error
    )
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return await answer(session, document.RootElement);
        }
        catch (JsonException e)
        {
            return (error(OpenEnvError.InvalidJson, new FormatException($"Invalid JSON: {e.Message}")), false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or WebSocketException))
        {
            return (error(e is MessageException ? OpenEnvError.Validation : OpenEnvError.Execution, e), false);
        }
    }
}
