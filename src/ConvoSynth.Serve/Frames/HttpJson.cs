using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Serve.Frames;

/// <summary>An answer that is an error of HTTP, with one sentence as its <c>detail</c>.</summary>
internal sealed class StatusException(int status, string detail) : Exception(detail)
{
    public int Status { get; } = status;
}

/// <summary>JSON bodies of requests and answers.</summary>
internal static class HttpJson
{
    public const string Json = "application/json";

    /// <summary>The body; an empty object if there is none.</summary>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public static async ValueTask<JsonDocument> Read(HttpContext context)
    {
        if (context.Request.ContentLength == 0)
            return JsonDocument.Parse("{}");
        return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
    }

    public static async Task Write(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        using var frame = Frame.Of(write);
        await Write(context, frame, status);
    }

    public static async Task Write(HttpContext context, Frame frame, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        context.Response.ContentLength = frame.Bytes.Length;
        await context.Response.Body.WriteAsync(frame.Bytes, context.RequestAborted);
    }

    /// <summary><c>{"detail": …}</c>.</summary>
    public static Task Detail(HttpContext context, int status, string detail) =>
        Write(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("detail"u8, detail);
                json.WriteEndObject();
            },
            status
        );
}
