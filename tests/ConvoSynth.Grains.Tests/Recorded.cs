using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>Campaigns over recorded dialogues.</summary>
public sealed class Recorded
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_record_that_ends_ends_the_dialogue_and_one_that_is_missing_fails_its_index(bool wire)
    {
        var storage = new MemoryStorage();
        using var world = new World(storage, new() { Wire = wire, Setup = Recording });
        var status = world.Carry(Setups.Spec with { Count = 4, PartitionSize = 4 });

        var rows = Runs.Rows(storage);
        status.Counts.Done.Should().Be(4);
        rows[0].Messages.Should().HaveCount(3, "system, user and assistant");
        System.Text.Encoding.UTF8.GetString(rows[0].Messages[2].Span).Should().Contain("How can I help?");
        rows[0].Status.Should().Be(RowStatus.Rejected);
        rows[2].Status.Should().Be(RowStatus.Failed);
        rows[2].RejectReasons.Should().ContainSingle().Which.Should().Contain("no recorded dialogue for index 2");
    }

    private static RunSetup Recording(RunSpec spec)
    {
        var model = new RecordedModel(index => index == 2 ? null : [Message.User("Hello"), Message.Assistant("How can I help?")]);
        return Setups.Of(spec) with { Human = model, Agent = model };
    }
}
