using ConvoSynth.Core.Verdicts;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>Campaigns without mishaps.</summary>
public sealed class WholeCampaigns
{
    [Theory]
    [InlineData(1, false, null)]
    [InlineData(7, false, 1UL)]
    [InlineData(64, false, 2UL)]
    [InlineData(1, true, 3UL)]
    [InlineData(7, true, null)]
    [InlineData(64, true, 4UL)]
    public async Task The_shards_are_those_of_a_plain_loop_whatever_is_in_flight_and_in_whatever_order(
        int concurrency,
        bool wire,
        ulong? seed
    )
    {
        var storage = new MemoryStorage();
        var options = new WorldOptions { Wire = wire, Seed = seed };
        using var world = new World(storage, options);

        var status = world.Carry(Setups.Spec, concurrency);

        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Shards(storage).Should().Equal(Runs.Shards(await Runs.Plain(Setups.Spec, options.Limits)));
    }

    [Fact]
    public void The_counts_of_the_status_are_those_of_the_rows()
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);

        var status = world.Carry(Setups.Spec);

        var rows = Runs.Rows(storage);
        status.Counts.Accepted.Should().Be(rows.Count(r => r.Status == RowStatus.Accepted)).And.BePositive();
        status.Counts.Rejected.Should().Be(rows.Count(r => r.Status == RowStatus.Rejected)).And.BePositive();
        status.Counts.Failed.Should().Be(0);
        status.Counts.Planted.Sum(t => t.Count).Should().Be(rows.Count(r => r.PlantedFault is not null)).And.BePositive();
    }

    [Fact]
    public void Another_seed_makes_other_rows()
    {
        var (first, second) = (new MemoryStorage(), new MemoryStorage());
        using var world = new World(first);
        using var other = new World(second);
        world.Carry(Setups.Spec);

        other.Carry(Setups.Spec with { Seed = 6 });

        Runs.Shards(second).Should().NotEqual(Runs.Shards(first));
    }

    [Fact]
    public void Grains_that_are_done_go()
    {
        using var world = new World(new MemoryStorage());

        world.Carry(Setups.Spec);

        world
            .Cluster.ActiveGrains()
            .Select(g => g.Type.ToString())
            .Should()
            .NotContain(["partition", "dialogue", "simulatedhuman", "agent", "sink"]);
    }
}
