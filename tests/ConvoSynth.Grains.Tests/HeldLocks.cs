using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>Commit logs that another process holds, as one does that is stopped in the midst of a commit.</summary>
public sealed class HeldLocks
{
    [Fact]
    public void A_held_commit_log_is_waited_for_and_its_holder_is_told()
    {
        var (storage, whole) = (new MemoryStorage(), new MemoryStorage());
        using (var undisturbed = new World(whole))
            undisturbed.Carry(Setups.Spec);
        using var world = new World(storage);
        Runs.Folder(storage).Create();
        var held = storage.OpenExclusive(Runs.Folder(storage).CommitLog(0));
        string? waiting = null;
        var polls = 0;

        var status = world.Carry(
            Setups.Spec,
            watch: s =>
            {
                waiting ??= s.Waiting;
                if (++polls == 60)
                    held.Dispose();
            }
        );

        waiting.Should().Contain("is held by");
        status.Waiting.Should().BeNull();
        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Shards(storage).Should().Equal(Runs.Shards(whole));
    }

    [Fact]
    public void A_commit_log_that_is_held_at_a_commit_ends_no_run()
    {
        var (storage, whole) = (new MemoryStorage(), new MemoryStorage());
        using (var undisturbed = new World(whole))
            undisturbed.Carry(Setups.Spec);
        var opens = 0;
        // The second time that a log is opened is its first commit.
        storage.Before = (what, path) =>
        {
            if (what == "open" && path == Runs.Folder(storage).CommitLog(0) && ++opens == 2)
                throw new ShardException(ShardError.Busy, $"'{path}' is held by a test.");
        };
        using var world = new World(storage);

        var status = world.Carry(Setups.Spec);

        status.Error.Should().BeNull();
        opens.Should().BeGreaterThan(2);
        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Shards(storage).Should().Equal(Runs.Shards(whole));
    }

    [Fact]
    public void A_later_campaign_of_a_run_takes_the_place_of_an_ended_one()
    {
        using var world = new World(new());
        var ended = world.Carry(Setups.Spec);
        var campaign = world.Campaign(Setups.Spec);
        ended.Number.Should().Be(0);

        _ = campaign.Start(new(8) { Number = 2 });
        world.Steps.Run();
        world.Result(campaign.Status())!.Begun.Should().BeFalse("its state goes with the activation");
        _ = campaign.Start(new(8) { Number = 2 });
        world.Steps.Run();

        world.Result(campaign.Status()).Should().Match<CampaignStatus>(s => s.Begun && s.Number == 2);
    }
}
