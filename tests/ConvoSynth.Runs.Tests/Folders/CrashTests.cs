using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Runs.Tests.Rows;

namespace ConvoSynth.Runs.Tests.Folders;

/// <summary>A writer may stop at any point: after resuming, the run equals an uninterrupted one.</summary>
public class CrashTests
{
    private const int Indexes = 25;
    private static readonly ShardLimits Limits = new() { Indexes = 6 };

    [Fact]
    public void A_crash_at_any_step_leaves_a_run_that_resumes_to_the_same_shards()
    {
        var whole = new MemoryStorage();
        var steps = 0;
        whole.Before = (_, _) => steps++;
        Finish(whole, epoch: 1);
        whole.Before = null;
        var expected = Picture(whole);
        steps.Should().BeGreaterThan(50);

        for (var step = 1; step <= steps; step++)
        {
            foreach (var torn in new[] { 0, 1, 40, 100_000 })
            {
                var storage = new MemoryStorage();
                CrashAt(storage, step, epoch: 1);
                storage.Crash(torn);
                CheckCommitted(storage);

                // Crashes once more while resuming.
                CrashAt(storage, 1 + (step % 17), epoch: 2);
                storage.Crash();
                CheckCommitted(storage);
                Finish(storage, epoch: 3);
                Picture(storage).Should().Equal(expected, "step {0}, torn {1}", step, torn);
            }
        }
    }

    [Fact]
    public void A_run_that_is_stopped_again_and_again_ends_in_the_same_shards()
    {
        var whole = new MemoryStorage();
        Finish(whole, epoch: 1);
        var stopped = new MemoryStorage();

        for (var (epoch, end) = (1, 1); end <= Indexes; (epoch, end) = (epoch + 1, end + 2))
        {
            Finish(stopped, epoch, end);
            new RunReader(Run(stopped))
                .Rows(columns: ["index"])
                .Select(r => r.Index)
                .Distinct()
                .Should()
                .HaveCount(end, "what was finished is committed");
            RunManifest.Read(Run(stopped)).Verify(Run(stopped)).Should().BeEmpty();
        }

        Picture(stopped).Should().Equal(Picture(whole));
    }

    [Fact]
    public void A_crash_at_any_step_around_a_stop_leaves_a_run_that_resumes_to_the_same_shards()
    {
        const int Stop = 9;
        var whole = new MemoryStorage();
        var steps = 0;
        Finish(whole, epoch: 1);
        var expected = Picture(whole);
        var stopped = new MemoryStorage { Before = (_, _) => steps++ };
        Finish(stopped, epoch: 1, Stop);
        Finish(stopped, epoch: 2);

        for (var step = 1; step <= steps; step++)
        {
            foreach (var names in new[] { 0, 2 })
            {
                var storage = new MemoryStorage();
                CrashAt(storage, step, epoch: 1, Stop);
                storage.Crash(tornBytes: names, names);
                CheckCommitted(storage);
                CrashAt(storage, step, epoch: 2);
                storage.Crash(tornBytes: names, names);
                CheckCommitted(storage);
                Finish(storage, epoch: 3);
                Picture(storage).Should().Equal(expected, "step {0}, {1} names", step, names);
            }
        }
    }

    [Fact]
    public void What_a_commit_quarantined_and_stopped_is_there_for_whoever_opens_the_partition_next()
    {
        var storage = new MemoryStorage();
        var stop = new ConvoSynth.Core.Campaigns.StoppedDomain("loans", 1, "broken");
        using (var shards = PartitionShards.Open(Run(storage), 3, epoch: 1, new ParquetShards(), Limits))
        {
            shards.Append(0, Rows(0), quarantines: "family");
            shards.Append(1, Rows(1), stops: stop);
            shards.Commit(partial: true);
        }

        using var next = PartitionShards.Open(Run(storage), 3, epoch: 2, new ParquetShards(), Limits);
        next.Append(2, Rows(2), quarantines: "other");
        next.Commit();

        next.Commits.Should().ContainSingle().Which.Quarantined.Should().Equal("family", "other");
        RunManifest.Read(Run(storage)).Commits[0].Stopped.Should().Equal(stop);
    }

    [Fact]
    public void Rows_are_there_once_each_in_index_order()
    {
        var storage = new MemoryStorage();
        Finish(storage, epoch: 1);
        var reader = new RunReader(Run(storage));
        ShardSets
            .All.SelectMany(set => reader.Rows(set, ["id", "index"]))
            .Select(row => row.Index)
            .Order()
            .Should()
            .Equal(Enumerable.Range(0, Indexes).SelectMany(Rows).Select(row => row.Index).Order());
        reader.Rows(ShardSet.Accepted).Select(row => row.Index).Should().BeInAscendingOrder();
        reader.Rows(ShardSet.Undecided).Should().OnlyContain(row => row.Status == RowStatus.Undecided);
        var manifest = reader.Manifest;
        (manifest.AcceptedRows, manifest.UndecidedRows, manifest.RejectedRows, manifest.FailedRows).Should().Be((15, 5, 8, 5));
        manifest.Commits.Sum(commit => commit.Indexes).Should().Be(Indexes + 3, "an attempt that was rejected here is a row of its index");
    }

    private sealed class SimulatedCrash : Exception;

    private static void CrashAt(MemoryStorage storage, int step, long epoch, int end = Indexes)
    {
        var left = step;
        storage.Before = (_, _) =>
        {
            if (--left == 0)
                throw new SimulatedCrash();
        };
        try
        {
            Finish(storage, epoch, end);
        }
        catch (SimulatedCrash)
        {
            // The process has died, so nothing is disposed.
        }

        storage.Before = null;
    }

    private static void Finish(MemoryStorage storage, long epoch, int end = Indexes)
    {
        var shards = PartitionShards.Open(Run(storage), 3, epoch, new ParquetShards(), Limits);
        for (var index = (int)(shards.LastCommittedIndex + 1 ?? 0); index < end; index++)
            shards.Append(index, Rows(index));
        shards.Commit(partial: end < Indexes);
    }

    // Of every five indexes one fails and one is undecided; every seventh was retried once.
    private static ShardRow[] Rows(int index)
    {
        var status = (index % 5) switch
        {
            4 => RowStatus.Failed,
            2 => RowStatus.Undecided,
            _ => RowStatus.Accepted,
        };
        var row = Small(index, 0, status);
        return index % 7 == 6 ? [Small(index, 0, RowStatus.Rejected), row with { Id = $"{index}/1", Attempt = 1 }] : [row];
    }

    private static ShardRow Small(int index, int attempt, string status) =>
        SyntheticRows.Make(index, status: status) with
        {
            Id = $"{index}/{attempt}",
            Messages = [],
            MessageMeta = [],
            Blueprint = default,
        };

    private static RunFolder Run(MemoryStorage storage) => new(storage, "runs/r");

    private static void CheckCommitted(MemoryStorage storage)
    {
        var manifest = RunManifest.Read(Run(storage));
        manifest.Verify(Run(storage)).Should().BeEmpty();
    }

    /// <summary>All shard files with hashes of their bytes, and the commits without their epochs.</summary>
    private static List<string> Picture(MemoryStorage storage)
    {
        var run = Run(storage);
        var manifest = RunManifest.Read(run);
        manifest.Verify(run).Should().BeEmpty();
        var picture = manifest.Commits.Select(commit => RunFolder.PlainName((commit with { Epoch = 0 }).ToString())).ToList();
        foreach (var set in ShardSets.All)
            picture.AddRange(storage.List(run.Folder(set)).Select(RunFolder.PlainName));
        return picture;
    }
}
