using System.Text;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Serve.Ors;

/// <summary>The server-sent events of ORS: <c>task_id</c>, then <c>chunk</c>s and an <c>end</c>, or an <c>error</c>.</summary>
internal sealed class EventStream(HttpContext context, TimeProvider time)
{
    private const int ChunkLength = 4096;

    // The client gives up after 30 s of silence.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    public void Begin()
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    public Task Send(string name, string data) => Write($"event: {name}\ndata: {data}\n\n");

    /// <summary>Waits for a result, with a comment now and then so that the client knows that the server lives.</summary>
    public async Task<string> Await(Task<string> result)
    {
        while (true)
        {
            try
            {
                return await result.WaitAsync(Silence, time, context.RequestAborted);
            }
            catch (TimeoutException)
            {
                await Write(": ping\n\n");
            }
        }
    }

    public async Task SendResult(string json)
    {
        foreach (var (chunk, isLast) in Chunks(json))
            await Send(isLast ? "end" : "chunk", chunk);
    }

    /// <summary>
    /// Pieces of about 4,096 characters. None begins with a blank, which ORS's client strips, or with half of a surrogate pair.
    /// </summary>
    internal static IEnumerable<(string Text, bool IsLast)> Chunks(string json)
    {
        var from = 0;
        do
        {
            var to = Math.Min(from + ChunkLength, json.Length);
            while (to < json.Length && (char.IsWhiteSpace(json[to]) || char.IsLowSurrogate(json[to])))
                to++;
            yield return (json[from..to], to == json.Length);
            from = to;
        } while (from < json.Length);
    }

    private async Task Write(string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
