using ConvoSynth.Core;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Grains.Tests;

/// <summary>Campaigns in which activations and calls are lost: the shards are the same, byte for byte.</summary>
public sealed class Losses
{
    private static readonly Lazy<IReadOnlyList<string>> Undisturbed = new(() =>
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);
        world.Carry(Setups.Spec);
        return Runs.Shards(storage);
    });

    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(800)]
    public void A_dead_process_costs_what_was_not_committed(int steps)
    {
        var storage = new MemoryStorage();
        using (var dying = new World(storage))
        {
            dying.Steps.Between = made =>
            {
                if (made == steps)
                    throw new ProcessDied();
            };
            dying.Invoking(w => w.Carry(Setups.Spec)).Should().Throw<ProcessDied>();
            storage.Crash(tornBytes: 7);
        }

        using var world = new World(storage);
        var status = world.Carry(Setups.Spec);

        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Shards(storage).Should().Equal(Undisturbed.Value);
    }

    [Theory]
    [InlineData("sink")]
    [InlineData("partition")]
    [InlineData("campaign")]
    [InlineData("dialogue")]
    [InlineData("agent")]
    [InlineData("simulatedhuman")]
    [InlineData("verifier")]
    public void A_lost_activation_is_made_good(string type)
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);
        var lost = 0;
        world.Steps.Between = made =>
        {
            if (made % 700 == 0 && lost < 5)
                lost += world.Cluster.Crash(id => id.Type.ToString() == type);
        };

        var status = world.Carry(Setups.Spec);

        lost.Should().BePositive("the test lost some");
        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Shards(storage).Should().Equal(Undisturbed.Value);
    }

    [Theory]
    [InlineData(1UL, false)]
    [InlineData(2UL, false)]
    [InlineData(3UL, true)]
    [InlineData(4UL, false)]
    [InlineData(5UL, false)]
    [InlineData(6UL, true)]
    public void Whatever_is_lost_doubled_or_dies_the_shards_are_the_same(ulong seed, bool wire)
    {
        var storage = new MemoryStorage();
        var random = new Seed(seed).For("losses").Random();
        var fates = new Fates(random);
        using var world = new World(
            storage,
            new()
            {
                Seed = seed,
                Wire = wire,
                Fates = fates,
            }
        );
        var crashes = 0;
        world.Steps.Between = made =>
        {
            if (made % 400 == 0 && crashes < 10 && ++crashes > 0)
                world.Cluster.Crash(_ => random.Chance(0.3));
        };

        var status = world.Carry(Setups.Spec);

        fates.Planted.Should().BeGreaterThan(20);
        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Shards(storage).Should().Equal(Undisturbed.Value);
    }

    [Fact]
    public void When_every_call_is_doubled_the_shards_are_the_same()
    {
        var storage = new MemoryStorage();
        using var world = new World(storage, new() { Fates = new AllDoubled() });

        var status = world.Carry(Setups.Spec);

        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Shards(storage).Should().Equal(Undisturbed.Value);
    }

    private sealed class ProcessDied() : Exception("the process died");

    /// <summary>3 % of the calls between grains are lost, lose their response, or arrive twice.</summary>
    private sealed class Fates(SeededRandom random) : ICallFates
    {
        public int Planted { get; private set; }

        public CallFate FateOf(GrainId? sender, GrainId target, string method)
        {
            if (sender is null || !random.Chance(0.03))
                return CallFate.Deliver;
            Planted++;
            return random.Pick([CallFate.LoseRequest, CallFate.LoseResponse, CallFate.DeliverTwice]);
        }
    }

    private sealed class AllDoubled : ICallFates
    {
        public CallFate FateOf(GrainId? sender, GrainId target, string method) => CallFate.DeliverTwice;
    }
}
