using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>How many dialogues use their models at a time, whatever state the campaign loses.</summary>
public sealed class PermitsInUse
{
    private const int Concurrency = 6;

    private static readonly RunSpec Spec = Setups.Spec with { PartitionSize = 4 };

    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(400)]
    [InlineData(400, 4UL)]
    [InlineData(700)]
    [InlineData(700, 5UL)]
    [InlineData(900)]
    public void Never_more_than_there_are_permits_though_the_campaign_is_lost_again_and_again(int stepsBetweenLosses, ulong seed = 3)
    {
        var storage = new MemoryStorage();
        World? slow = null;
        Slow? agent = null;
        using var world = slow = new World(
            storage,
            new()
            {
                Seed = seed,
                Setup = spec => Setups.Of(spec) is var setup ? setup with { Agent = agent = new(setup.Agent, slow!.Time) } : null!,
            }
        );
        var lost = 0;
        world.Steps.Between = made =>
        {
            if (stepsBetweenLosses > 0 && made % stepsBetweenLosses == 0 && lost < 20)
                lost += world.Cluster.Crash(id => id.Type.ToString() == "campaign");
        };

        var status = world.Carry(Spec, Concurrency);

        Runs.ShouldBeWhole(storage, Spec, status);
        if (stepsBetweenLosses > 0)
            lost.Should().BeGreaterThan(2);
        agent!.Most.Should().Be(Concurrency, "all permits are used, and none twice");
    }

    [Fact]
    public void A_permit_that_one_partition_has_no_more_use_for_is_in_use_by_the_next_at_the_same_moment()
    {
        World? slow = null;
        Slow? agent = null;
        using var world = slow = new World(
            new MemoryStorage(),
            new() { Setup = spec => Setups.Of(spec) is var setup ? setup with { Agent = agent = new(setup.Agent, slow!.Time) } : null! }
        );
        var unused = 0;
        world.Steps.Quiet = () =>
        {
            // Only the clock can make further progress: a permit that is free now stays idle until the clock moves.
            if (agent is { Begun: > 0 and < 40 } && agent.Calls < Concurrency)
                unused++;
        };

        world.Carry(Spec, Concurrency);

        agent!.Begun.Should().Be(40);
        unused.Should().Be(0);
    }

    /// <summary>A slow agent, slower for some dialogues than for others.</summary>
    private sealed class Slow(IChatModel inner, TimeProvider time) : IChatModel
    {
        private readonly HashSet<long> _begun = [];

        public int Calls { get; private set; }

        public int Most { get; private set; }

        public int Begun => _begun.Count;

        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            _begun.Add(request.Dialogue.Index);
            Most = Math.Max(Most, ++Calls);
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + (request.Dialogue.Index % 3)), time, cancellationToken);
                return await inner.Respond(request, cancellationToken);
            }
            finally
            {
                Calls--;
            }
        }
    }
}
