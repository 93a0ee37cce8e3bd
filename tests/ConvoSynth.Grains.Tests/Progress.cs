using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>What a campaign reports of its progress.</summary>
public sealed class Progress
{
    [Fact]
    public void Dialogues_that_are_done_count_although_an_earlier_one_keeps_their_rows_waiting()
    {
        World? slow = null;
        using var world = slow = new World(
            new MemoryStorage(),
            new() { Setup = spec => Setups.Of(spec) is var setup ? setup with { Agent = new SlowFirst(setup.Agent, slow!.Time) } : null! }
        );
        var seen = new List<CampaignStatus>();

        var status = world.Carry(Setups.Spec with { PartitionSize = 40 }, watch: seen.Add);

        seen.Should().Contain(s => s.Ended >= 5 && s.Counts.Done == 0);
        seen.Should().OnlyContain(s => s.Ended <= s.Planned && s.Ended >= s.Counts.Done + s.Restored);
        status.Ended.Should().Be(status.Planned).And.Be(status.Counts.Done);
    }

    /// <summary>An agent that takes a minute for each answer of the first dialogue.</summary>
    private sealed class SlowFirst(IChatModel inner, TimeProvider time) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public async ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            if (request.Dialogue.Index == 0)
                await Task.Delay(TimeSpan.FromMinutes(1), time, cancellationToken);
            return await inner.Respond(request, cancellationToken);
        }
    }
}
