using System.Buffers;
using System.Text;
using ConvoSynth.Rehearsal.FakeOpenAI.Answers;
using ConvoSynth.Rehearsal.FakeOpenAI.Failures;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>Writes responses, including planted failures. A body is written and handed over without an await in between.</summary>
internal static class Delivery
{
    private const string JsonType = "application/json";
    private const string EventsType = "text/event-stream; charset=utf-8";

    // The page of a proxy that answers in place of the model.
    private static readonly byte[] Page =
        "<!DOCTYPE html><html><head><title>One moment</title></head><body><h1>One moment, please</h1></body></html>"u8.ToArray();

    public static void Error(HttpContext context, int status, string type, string? code, string message, string? param = null)
    {
        var scratch = Scratch.Take();
        ErrorBody.Write(scratch, type, code, message, param);
        Whole(context, status, JsonType, scratch.Written);
        scratch.Release();
    }

    public static void Json(HttpContext context, string text) => Whole(context, 200, JsonType, Encoding.UTF8.GetBytes(text));

    public static void Lines(HttpContext context, byte[] file) => Whole(context, 200, "application/octet-stream", file);

    public static void Html(HttpContext context) => Whole(context, 200, "text/html; charset=utf-8", Page);

    /// <summary>
    /// Sends the whole answer; only its first half under <see cref="FailureKind.Cut"/> and <see cref="FailureKind.Truncated"/>.
    /// </summary>
    public static async Task Answer(HttpContext context, Protocol protocol, Reply reply, FailureKind failure)
    {
        Begin(context, protocol, reply, failure);
        if (failure != FailureKind.Cut)
            return;
        await context.Response.BodyWriter.FlushAsync();
        context.Abort();
    }

    private static void Begin(HttpContext context, Protocol protocol, Reply reply, FailureKind failure)
    {
        var scratch = Scratch.Take();
        Fill(scratch, protocol, reply);
        var written = scratch.Written;
        var sent = failure is FailureKind.Cut or FailureKind.Truncated ? written[..(written.Length / 2)] : written;
        context.Response.ContentType = reply.Asked.Stream ? EventsType : JsonType;
        // A cut response falls short of its declared length; a truncated one matches it.
        if (!reply.Asked.Stream)
            context.Response.ContentLength = failure == FailureKind.Cut ? written.Length : sent.Length;
        context.Response.BodyWriter.Write(sent);
        scratch.Release();
    }

    /// <summary>Writes the whole body of an answer.</summary>
    public static void Fill(Scratch scratch, Protocol protocol, Reply reply)
    {
        switch (protocol, reply.Asked.Stream)
        {
            case (Protocol.Chat, false):
                ChatBody.Write(scratch, reply);
                break;
            case (Protocol.Chat, true):
                ChatBody.WriteStream(scratch, reply);
                break;
            case (_, false):
                ResponsesBody.Write(scratch, reply);
                break;
            default:
                ResponsesBody.WriteStream(scratch, reply);
                break;
        }
    }

    private static void Whole(HttpContext context, int status, string type, ReadOnlySpan<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        context.Response.BodyWriter.Write(body);
    }
}
