using System.Collections.Concurrent;

namespace ConvoSynth.Runs.Storage;

/// <summary>
/// One thread that waits for the disk, so that worker threads never do. The kernel serializes the syncs of a file system anyway.
/// </summary>
internal static class SyncThread
{
    private static readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> Waiting = Start();

    public static Task Run(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting.Add((work, done));
        return done.Task;
    }

    private static BlockingCollection<(Action, TaskCompletionSource)> Start()
    {
        var waiting = new BlockingCollection<(Action Work, TaskCompletionSource Done)>();
        new Thread(() =>
        {
            foreach (var (work, done) in waiting.GetConsumingEnumerable())
            {
                try
                {
                    work();
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            }
        })
        {
            IsBackground = true,
            Name = "storage sync",
        }.Start();
        return waiting;
    }
}
