using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>A dialogue that waits between tries lends its permit; at most half of a window is lent.</summary>
public sealed class LentPermits
{
    private const int Concurrency = 6;
    private const int LongestWait = 8;

    [Fact]
    public void Others_begin_in_place_of_dialogues_that_wait()
    {
        var lending = Most(40, lends: true);
        var keeping = Most(40, lends: false);

        keeping.InFlight.Should().Be(Concurrency);
        lending.InFlight.Should().Be(Concurrency + (Concurrency / 2), "half of the window may be lent, and is");
        lending.Took.Should().BeLessThan(keeping.Took);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    public void Loans_enlarge_no_window_of_several_partitions(int partitionSize) =>
        Most(partitionSize, lends: true).InFlight.Should().BeInRange(Concurrency, Concurrency + (Concurrency / 2));

    [Fact]
    public void A_window_of_one_lends_nothing() => Most(40, lends: true, concurrency: 1).InFlight.Should().Be(1);

    private static (int InFlight, TimeSpan Took) Most(int partitionSize, bool lends, int concurrency = Concurrency)
    {
        var storage = new MemoryStorage();
        var spec = Setups.Spec with { PartitionSize = partitionSize };
        World? world = null;
        Poisoned? agent = null;
        using var _ = world = new World(
            storage,
            new() { Setup = s => Setups.Of(s) is var setup ? setup with { Agent = agent = new(setup.Agent, world!.Time, lends) } : null! }
        );
        var began = world.Time.GetUtcNow();

        var status = world.Carry(spec, concurrency);

        Runs.ShouldBeWhole(storage, spec, status);
        return (agent!.MaxInFlight, world.Time.GetUtcNow() - began);
    }

    /// <summary>An agent that waits between tries before the first answer of every third dialogue.</summary>
    private sealed class Poisoned(IChatModel inner, TimeProvider time, bool lends) : IChatModel
    {
        private int _asking;
        private int _waiting;

        public int MaxInFlight { get; private set; }

        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            if (request.Step == 0 && request.Dialogue.Index % 3 == 0)
            {
                if (lends)
                    request.LendPermit!();
                await Counted(() => _waiting++, () => _waiting--, LongestWait, cancellationToken);
            }

            await Counted(() => _asking++, () => _asking--, 1, cancellationToken);
            return await inner.Respond(request, cancellationToken);
        }

        private async Task Counted(Action before, Action after, int seconds, CancellationToken cancellationToken)
        {
            before();
            MaxInFlight = Math.Max(MaxInFlight, _asking + _waiting);
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), time, cancellationToken);
            }
            finally
            {
                after();
            }
        }
    }
}
