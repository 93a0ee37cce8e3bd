using System.Text.Json;
using ConvoSynth.Review.Exchange;
using ConvoSynth.Review.Pages;
using ConvoSynth.Review.Queues;
using ConvoSynth.Review.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Review.Http;

/// <summary>Queues and decisions for other tools, by row id.</summary>
internal sealed class ToolRoutes(ReviewedRun run, ReviewSettings settings, GuardedWrites writes)
{
    private const string Csv = "text/csv; charset=utf-8";
    private const string Parquet = "application/vnd.apache.parquet";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/api/token",
            (HttpContext context) => Results.Json(new TokenAnswer(writes.TokenOf(context)), ReviewJson.Default.TokenAnswer)
        );
        // As delegates: a method from a context to a task is else taken to write its answer itself.
        routes.MapGet("/api/queues", (Delegate)GetQueues);
        routes.MapPut("/api/queues", (Delegate)SetQueues);
        routes.MapPost("/api/queues/{name}/next", Next);
        routes.MapGet("/api/decisions", () => Results.Json([.. run.Standing().All], ReviewJson.Default.IReadOnlyListDecision));
        routes.MapGet(
            "/api/decisions/{**row}",
            (string row) => Results.Json(run.Standing().Of(row), ReviewJson.Default.IReadOnlyListDecision)
        );
        foreach (var format in (string[])["csv", "parquet"])
        {
            routes.MapGet($"/api/decisions.{format}", () => GuardedWrites.Try(() => Export(format)));
            routes.MapPost($"/api/decisions.{format}", (Delegate)((HttpContext context) => Import(context, format)));
        }
    }

    private Task<IResult> GetQueues(HttpContext context) => GuardedWrites.Try(() => Task.FromResult(Queues(context)));

    private IResult Queues(HttpContext context)
    {
        var draw = run.Draw(PageRoutes.ReviewerOf(context, settings));
        QueueAnswer[] queues = [.. run.Queues.Select(q => new QueueAnswer(q.Name, q.View, q.Priority, q.Share, q.Reviews, draw.Open(q)))];
        return Results.Json(queues, ReviewJson.Default.IReadOnlyListQueueAnswer);
    }

    private Task<IResult> SetQueues(HttpContext context) =>
        writes.Do(
            context,
            async () =>
            {
                try
                {
                    var queues = await JsonSerializer.DeserializeAsync(
                        context.Request.Body,
                        QueueJson.Default.IReadOnlyListReviewQueue,
                        context.RequestAborted
                    );
                    run.SetQueues(queues ?? []);
                }
                catch (JsonException e)
                {
                    throw new ReviewException($"the queues are no list of queues: {e.Message}");
                }

                return Queues(context);
            }
        );

    private Task<IResult> Next(HttpContext context, string name) =>
        writes.Do(
            context,
            () =>
            {
                var view = new RowView { Queue = name };
                var row = run.ClaimFirst(view, PageRoutes.ReviewerOf(context, settings));
                return Task.FromResult(
                    Results.Json(new QueueRowAnswer(row, row is null ? null : RowLink.Of(row, view)), ReviewJson.Default.QueueRowAnswer)
                );
            }
        );

    private async Task<IResult> Export(string format)
    {
        var path = Temporary(format);
        try
        {
            DecisionTable.Write(path, run.Standing().All);
            return Results.Bytes(await File.ReadAllBytesAsync(path), format == "csv" ? Csv : Parquet, $"{run.Name}-decisions.{format}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private Task<IResult> Import(HttpContext context, string format) =>
        writes.Do(
            context,
            async () =>
            {
                var path = Temporary(format);
                try
                {
                    await using (var file = File.Create(path))
                        await context.Request.Body.CopyToAsync(file, context.RequestAborted);
                    var done = await run.Import(path, PageRoutes.ReviewerOf(context, settings), context.RequestAborted);
                    return Results.Json(done, ReviewJson.Default.Imported);
                }
                finally
                {
                    File.Delete(path);
                }
            }
        );

    private static string Temporary(string format) => Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.{format}");
}
