using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Rehearsal.FakeOpenAI.Batches;
using ConvoSynth.Rehearsal.FakeOpenAI.Requests;
using Microsoft.AspNetCore.Http;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Http;

/// <summary>The requests for files and batches.</summary>
internal sealed class BatchCalls(BatchDesk desk)
{
    private const int DefaultPage = 20;
    private const int LargestPage = 100;

    /// <exception cref="RefusedException">The request is invalid, or names something that is not there.</exception>
    public async Task Answer(HttpContext context, Route route)
    {
        switch (route.Kind)
        {
            case RouteKind.Files:
                Delivery.Json(context, (await Upload(context)).ToString());
                break;
            case RouteKind.FileContent:
                Delivery.Lines(context, await desk.Content(route.Id!));
                break;
            case RouteKind.BatchCancel:
                Delivery.Json(context, (await desk.Cancel(route.Id!)).ToString());
                break;
            case RouteKind.Batch:
                Delivery.Json(context, (await desk.Get(route.Id!)).ToString());
                break;
            case RouteKind.Batches when context.Request.Method == "POST":
                Delivery.Json(context, (await Create(context)).ToString());
                break;
            default:
                Delivery.Json(context, (await desk.List(Limit(context.Request), context.Request.Query["after"])).ToString());
                break;
        }
    }

    private async Task<JsonMap> Upload(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            throw RefusedException.Invalid("a file is uploaded as a form");
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["purpose"] != "batch")
            throw RefusedException.Invalid("the purpose must be batch", "purpose");
        if (form.Files["file"] is not { } file)
            throw RefusedException.Invalid("the form has no file", "file");
        using var content = new MemoryStream();
        await file.CopyToAsync(content, context.RequestAborted);
        return Json.Map(
            ("id", await desk.Upload(content.ToArray())),
            ("object", "file"),
            ("bytes", content.Length),
            ("filename", file.FileName),
            ("purpose", "batch")
        );
    }

    private async Task<Json> Create(HttpContext context)
    {
        using var body = await PooledBody.Read(context.Request, context.RequestAborted);
        if (
            !Json.TryParse(System.Text.Encoding.UTF8.GetString(body.Memory.Span), out var asked, out _)
            || asked["input_file_id"].Text is not { } file
        )
            throw RefusedException.Invalid("the body names no input_file_id", "input_file_id");
        if (asked["completion_window"].Text != "24h")
            throw RefusedException.Invalid("the completion_window must be 24h", "completion_window");
        return asked["endpoint"].Text is "/v1/chat/completions" or "/v1/responses"
            ? await desk.Create(file, asked["endpoint"].Text!)
            : throw RefusedException.Invalid("the endpoint must be /v1/chat/completions or /v1/responses", "endpoint");
    }

    private static int Limit(HttpRequest request) =>
        int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? Math.Clamp(limit, 1, LargestPage)
            : DefaultPage;
}
