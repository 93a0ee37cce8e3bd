using ConvoSynth.Runs;
using ConvoSynth.Runs.Campaigns;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Journals;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Tests.Rows;

namespace ConvoSynth.ObjectStorage.Tests;

/// <summary>Shards, commit logs, journals and campaigns, on each storage.</summary>
[Collection(nameof(Stores))]
public sealed class RunsOnStores(Stores stores)
{
    [Theory, StoreData]
    public void Of_two_owners_the_later_one_commits_and_the_earlier_one_leaves_nothing(string store)
    {
        var run = Run(store);
        using var old = Open(run);
        old.Append(0, [Row(0)]);
        using var newer = Open(run);
        newer.Append(0, [Row(0)]);

        old.Invoking(o => o.Commit()).Should().Throw<ShardException>().Where(e => e.Fault == ShardError.LostOwnership);
        newer.Commit()!.Accepted!.File.Should().Be("accepted/train-00003-00000-e2.parquet");

        run.Storage.List(run.Folder(ShardSet.Accepted)).Should().Equal("train-00003-00000-e2.parquet");
        RunManifest.Read(run).Verify(run).Should().BeEmpty();
        new RunReader(run).Rows().Select(r => r.Index).Should().Equal(0);
    }

    [Theory, StoreData]
    public void A_run_that_is_stopped_continues_and_its_partial_shard_goes(string store)
    {
        var run = Run(store);
        using (var first = Open(run))
        {
            first.Append(0, [Row(0)]);
            first.Commit(partial: true);
        }

        using var second = Open(run);
        second.LastCommittedIndex.Should().Be(0);
        second.Append(1, [Row(1)]);
        second.Commit();

        run.Storage.List(run.Folder(ShardSet.Accepted)).Should().Equal("train-00003-00000-e2.parquet");
        new RunReader(run).Rows().Select(r => r.Index).Should().Equal(0, 1);
    }

    [Theory, StoreData]
    public void Of_many_claims_at_once_each_gets_an_epoch_of_its_own(string store)
    {
        var run = Run(store);
        run.Create();
        var epochs = new List<long>();

        Parallel.For(
            0,
            6,
            _ =>
            {
                while (true)
                {
                    try
                    {
                        var epoch = CommitLog.Claim(run, 3, null).Epoch;
                        lock (epochs)
                            epochs.Add(epoch);
                        return;
                    }
                    catch (ShardException e) when (e.Fault == ShardError.Busy)
                    {
                        // A file is locked for one append: the next try comes.
                    }
                }
            }
        );

        epochs.Order().Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Theory, StoreData]
    public async Task Answers_are_found_again_and_a_later_opening_overtakes(string store)
    {
        var run = Run(store);
        using var first = await PartitionJournal.Open(run, "r", 3, 1);
        await first.Append([new("r/1/0/agent/0", "h", "one"), new("r/1/0/agent/1", "h", new string('x', 100_000))]);
        await first.Append([new("r/1/0/agent/2", "h", "three")]);
        (await first.IsLast()).Should().BeTrue();

        using var second = await PartitionJournal.Open(run, "r", 3, 2);

        (await first.IsLast()).Should().BeFalse();
        (await second.IsLast()).Should().BeTrue();
        second.Count.Should().Be(3);
        second.Find("r/1/0/agent/1", "h")!.Text.Should().HaveLength(100_000);
        second.Find("r/1/0/agent/2", "h")!.Text.Should().Be("three");
        second.Find("r/1/0/agent/3", "h").Should().BeNull();
        PartitionJournal.Partitions(run).Should().Equal(3);
    }

    [Theory, StoreData]
    public void A_folder_of_runs_lists_campaigns_and_is_claimed_once(string store)
    {
        var place = stores.Place(store);
        var root = new RunsRoot(place.Storage, place.Path);
        var order = new CampaignOrder
        {
            Spec = new()
            {
                RunId = "a",
                Domains = ["library"],
                Count = 10,
                Seed = 1,
            },
            Concurrency = 4,
        };
        root.RequireWritable();
        // As each run has it; s3rver lists no folder in which no file lies directly.
        place.Storage.Put(Path.Combine(place.Path, "a", "run.json"), default);

        root.Campaigns("a").TryBegin(1, order).Should().BeTrue();
        root.Campaigns("a").TryBegin(1, order with { Concurrency = 5 }).Should().BeFalse();
        root.Campaigns("a").WantStop(1);

        root.Runs().Should().Equal("a");
        root.Campaigns("a").Latest().Should().Match<CampaignState>(s => s.IsStopWanted && s.Order.Concurrency == 4 && s.End == null);
        root.Claim().Should().Be(root.Claim());
    }

    private RunFolder Run(string store)
    {
        var place = stores.Place(store);
        return new(place.Storage, Path.Combine(place.Path, "r"));
    }

    private static PartitionShards Open(RunFolder run) => PartitionShards.Open(run, 3, null, new ParquetShards());

    private static ShardRow Row(int index) => SyntheticRows.Make(index);
}
