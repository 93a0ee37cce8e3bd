using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using Spectre.Console;

namespace ConvoSynth.Cli.Hosting;

/// <summary>
/// Shows a run's progress: a bar on a terminal, a line every 5 seconds elsewhere. Uses the error stream, so that output stays clean.
/// </summary>
public sealed class RunProgress(TimeProvider time, bool quiet)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    public async Task<T> Show<T>(Func<Action<CampaignStatus>, Task<T>> work)
    {
        if (quiet)
            return await work(_ => { });
        var began = time.GetTimestamp();
        if (Console.IsErrorRedirected)
            return await work(Lines(began));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console
            .Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(context =>
            {
                var task = context.AddTask("starting");
                return work(status =>
                {
                    task.MaxValue = Math.Max(1, status.Planned);
                    task.Value = status.Ended;
                    task.Description = Markup.Escape(Text(status, began));
                });
            });
    }

    private Action<CampaignStatus> Lines(long began)
    {
        var next = LineEvery;
        return status =>
        {
            var elapsed = time.GetElapsedTime(began);
            if (elapsed < next && !status.Finished)
                return;
            next = elapsed + LineEvery;
            Console.Error.WriteLine($"{status.Ended}/{status.Planned}  {Text(status, began)}");
        };
    }

    private string Text(CampaignStatus status, long began)
    {
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        var rate = (status.Ended - status.Restored) / Math.Max(seconds, 0.001);
        var left = rate > 0 ? TimeSpan.FromSeconds(Math.Min((status.Planned - status.Ended) / rate, 8_640_000)) : TimeSpan.Zero;
        // Rows are written in index order, so a slow dialogue holds up later ones.
        var waiting = status.Ended - status.Restored - status.Counts.Done is > 0 and var ended ? $", {ended} done and not written yet" : "";
        var reasons = string.Join(
            ", ",
            status.Counts.Reasons.OrderByDescending(r => r.Count).Take(3).Select(r => $"{VisibleText.Of(r.Name)} {r.Count}")
        );
        var counts = status.Counts;
        var held = status.Waiting is { } why ? $"; waits: {VisibleText.Of(why)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{rate:0}/s, {left:hh\\:mm\\:ss} left, accepted {counts.Accepted}, undecided {counts.Undecided}, "
                + $"rejected {counts.Rejected}, failed {counts.Failed}{waiting}{(reasons.Length > 0 ? $" ({reasons})" : "")}{held}"
        );
    }
}
