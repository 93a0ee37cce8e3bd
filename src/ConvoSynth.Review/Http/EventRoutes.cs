using System.Globalization;
using ConvoSynth.Runs.Summaries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ConvoSynth.Review.Http;

/// <summary>Tells pages how a run in progress comes on, as server-sent events.</summary>
internal sealed class EventRoutes(ReviewedRun run, CancellationToken stopping)
{
    // However many pages are open, commit logs are read as often as the tables allow: once in two seconds.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/events", Follow);

    private async Task Follow(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var told = "";
        try
        {
            for (var hasEnded = false; !hasEnded; )
            {
                // Looked at first: what was committed before the end is then among the rows.
                hasEnded = run.HasEnded;
                var line = string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"rows":{{run.DialoguesNow()}},"planned":{{run.Spec.Count}},"ended":{{(hasEnded ? "true" : "false")}}}"""
                );
                if (line != told)
                    await context.Response.WriteAsync($"data: {line}\n\n", either.Token);
                told = line;
                await context.Response.Body.FlushAsync(either.Token);
                if (!hasEnded)
                    await Task.Delay(Interval, run.Time, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left, or the server stops.
        }
    }
}
