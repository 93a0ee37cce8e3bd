using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>Campaigns that are stopped and resumed.</summary>
public sealed class Stopping
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_commits_all_that_was_finished_and_a_resume_makes_the_rest(bool wire)
    {
        var (stopped, whole) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(whole))
            world.Carry(Setups.Spec);
        CampaignStatus atStop;
        using (var world = StoppedBy(stopped, wire, requests: 60))
            atStop = world.Carry(Setups.Spec);

        atStop.Error.Should().BeNull();
        atStop.Open.Should().BePositive("it was stopped on the way");
        atStop.Counts.Done.Should().BePositive();
        Runs.Rows(stopped).Should().HaveCount((int)atStop.Counts.Done, "all that was finished is committed");
        using var resumed = new World(stopped, new() { Wire = wire });
        var status = resumed.Carry(Setups.Spec);

        Runs.ShouldBeWhole(stopped, Setups.Spec, status);
        status.Restored.Should().Be(atStop.Counts.Done);
        Runs.Shards(stopped).Should().Equal(Runs.Shards(whole), "where shards end depends on rows alone, not on the stop");
    }

    [Fact]
    public void A_finished_run_that_is_resumed_stays_as_it_is()
    {
        var storage = new MemoryStorage();
        using (var world = new World(storage))
            world.Carry(Setups.Spec);
        var before = Runs.Shards(storage);
        using var again = new World(storage);

        var status = again.Carry(Setups.Spec);

        status.Restored.Should().Be(40);
        status.Counts.Done.Should().Be(0);
        Runs.Shards(storage).Should().Equal(before);
    }

    [Fact]
    public void Started_twice_it_is_one_campaign()
    {
        var (once, twice) = (new MemoryStorage(), new MemoryStorage());
        using (var world = new World(once))
            world.Carry(Setups.Spec);
        using var other = new World(twice, new() { Seed = 9 });
        _ = other.Campaign(Setups.Spec).Start(new(8));
        _ = other.Campaign(Setups.Spec).Start(new(3));
        _ = other.Grains.GetGrain<IPartitionGrain>("run/0").Start(new(Setups.Spec.RunId, 0, 2));

        var status = other.Carry(Setups.Spec);

        Runs.ShouldBeWhole(twice, Setups.Spec, status);
        Runs.Shards(twice).Should().Equal(Runs.Shards(once));
    }

    private static World StoppedBy(MemoryStorage storage, bool wire, int requests)
    {
        World? world = null;
        var left = requests;
        world = new World(
            storage,
            new() { Wire = wire, Setup = spec => Setups.Of(spec) with { Human = new Setups.Watched(Setups.Of(spec).Human, Count) } }
        );
        return world;

        void Count(ModelRequest request)
        {
            if (--left == 0)
                _ = world!.Campaign(Setups.Spec).Stop();
        }
    }
}
