using ConvoSynth.Cluster;
using ConvoSynth.Cluster.Clients;
using ConvoSynth.Grains.Campaign;

namespace ConvoSynth.Drills;

/// <summary>Watches the rows of a run on a cluster until its folder says that it has ended.</summary>
internal sealed class Progress(ClusterPlace place)
{
    private long _rows;
    private long _since;

    /// <summary>The longest time, after the first row, in which no row was written.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>The longest since the last call.</summary>
    public TimeSpan LongestSince { get; private set; }

    public long Rows => Volatile.Read(ref _rows);

    public async Task Watch()
    {
        while (place.Root.Campaigns(ClusterPlace.RunId).Latest() is not { End: not null })
        {
            await Wall.Wait(200);
            try
            {
                var status = await place.Client.Status(ClusterPlace.RunId, CancellationToken.None);
                Record(status.Counts.Done + status.Restored, status.Finished);
            }
            catch (ClusterException)
            {
                // No silo answers at the moment.
            }
        }
    }

    public void Forget() => LongestSince = TimeSpan.Zero;

    // After a death the count falls to what is committed, and rises again as rows are written again.
    private void Record(long rows, bool isFinished)
    {
        if ((rows > _rows || isFinished) && _since != 0)
        {
            var without = Wall.Since(_since);
            (Longest, LongestSince) = (Max(Longest, without), Max(LongestSince, without));
        }

        if (rows > _rows)
            _since = Wall.Timestamp;
        Volatile.Write(ref _rows, rows);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
