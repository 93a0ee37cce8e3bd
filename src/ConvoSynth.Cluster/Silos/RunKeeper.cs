using System.Threading.Channels;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Campaigns;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ConvoSynth.Cluster.Silos;

/// <summary>
/// Looks after all runs of the cluster: at the silo's start, every 10 s, and as soon as a silo dies. So a campaign comes back after its
/// silo, its client or all silos died.
/// </summary>
internal sealed partial class RunKeeper(
    RunsRoot root,
    RunCare care,
    LostSilos lost,
    ISiloStatusOracle oracle,
    TimeProvider time,
    ILogger<RunKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    // At most one attendance a run: counting a large run's rows takes minutes, and must not delay the other runs.
    private readonly Dictionary<string, Task<bool>> _attending = new(StringComparer.Ordinal);

    /// <summary>Looks after the runs at once.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lost.OnLost = Wake;
        oracle.SubscribeToSiloStatusEvents(lost);
        try
        {
            while (true)
            {
                var comesBackSoon = await Attend();
                await Pause(comesBackSoon ? Soon : Heartbeat, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
        finally
        {
            oracle.UnSubscribeFromSiloStatusEvents(lost);
        }
    }

    private async Task Pause(TimeSpan period, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var woken = _wakes.Reader.ReadAsync(end.Token).AsTask();
        await Task.WhenAny(woken, Task.Delay(period, time, end.Token));
        await end.CancelAsync();
        stopping.ThrowIfCancellationRequested();
    }

    private async Task<bool> Attend()
    {
        var isSoon = false;
        foreach (var runId in RunIds())
        {
            if (_attending.TryGetValue(runId, out var before) && !before.IsCompleted)
                isSoon = true;
            else
                _attending[runId] = AttendSafely(runId);
        }

        // What ends quickly decides about the next beat; the rest goes on beside it.
        var all = Task.WhenAll(_attending.Values);
        await Task.WhenAny(all, Task.Delay(Soon, time));
        return isSoon || _attending.Values.Any(t => !t.IsCompleted || t is { IsCompletedSuccessfully: true, Result: true });
    }

    private IReadOnlyList<string> RunIds()
    {
        try
        {
            return root.Runs();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogRoot(logger, root.Path, e.Message);
            return [];
        }
    }

    // One run's trouble must not end the care for the others.
    private async Task<bool> AttendSafely(string runId)
    {
        await Task.Yield();
        try
        {
            return await care.Attend(runId);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return true; // A silo is dying or joining: the next beat asks again.
        }
        catch (Exception e) when (e is RunException or IOException or UnauthorizedAccessException)
        {
            LogRun(logger, runId, e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the run {RunId} cannot be looked after: {Problem}")]
    private static partial void LogRun(ILogger logger, string runId, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the folder of the runs {Path} cannot be read: {Problem}")]
    private static partial void LogRoot(ILogger logger, string path, string problem);
}
