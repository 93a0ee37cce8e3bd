using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>
/// Endpoints that refuse everything after some requests: the run stops without a row for the refusal, and a resume continues it.
/// </summary>
public sealed class Refusals
{
    private const string Sentence = "endpoint \"gpt\" refuses the environment variable KEY (401); check that it is right";

    private static readonly RunSpec Spec = Setups.Spec with { FaultRate = 0 };

    [Theory]
    [InlineData(0, false)]
    [InlineData(20, false)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    public void A_run_whose_endpoint_refuses_everything_stops_with_its_sentence_and_a_resume_comes_to_the_same_shards(
        int answers,
        bool wire
    )
    {
        var (whole, shaken) = (new MemoryStorage(), new MemoryStorage());
        using (var undisturbed = new World(whole))
            undisturbed.Carry(Spec);
        var left = answers;
        using (
            var world = new World(
                shaken,
                new()
                {
                    Wire = wire,
                    Setup = s =>
                        Setups.Of(s) is var setup ? setup with { Agent = new Setups.Watched(setup.Agent, _ => Refuse(ref left)) } : null!,
                }
            )
        )
        {
            var status = world.Carry(Spec);

            status.Finished.Should().BeTrue();
            status.Error.Should().Be(Sentence);
            status.Counts.Failed.Should().Be(0);
            Runs.Rows(shaken).Should().HaveCountLessThan(40).And.NotContain(r => r.Status == RowStatus.Failed);
        }

        using var resumed = new World(shaken);
        Runs.ShouldBeWhole(shaken, Spec, resumed.Carry(Spec));
        Runs.Shards(shaken).Should().Equal(Runs.Shards(whole));
    }

    [Fact]
    public void A_silo_that_cannot_work_on_the_run_stops_it_with_its_sentence_and_writes_no_row()
    {
        var storage = new MemoryStorage();
        using var world = new World(storage, new() { Setup = _ => throw new RunException("the pack loans is not that of the run") });

        var status = world.Carry(Spec);

        status.Finished.Should().BeTrue();
        status.Error.Should().Be("the pack loans is not that of the run");
        Runs.Rows(storage).Should().BeEmpty();
    }

    [Fact]
    public void An_endpoint_that_does_not_take_one_request_fails_that_dialogue_alone()
    {
        var storage = new MemoryStorage();
        using var world = new World(
            storage,
            new()
            {
                Setup = s =>
                    Setups.Of(s) is var setup
                        ? setup with
                        {
                            Agent = new Setups.Watched(setup.Agent, r => Refuse(r.Dialogue.Index)),
                        }
                        : null!,
            }
        );

        Runs.ShouldBeWhole(storage, Spec, world.Carry(Spec));

        Runs.Rows(storage).Where(r => r.Status == RowStatus.Failed).Select(r => r.Index).Should().Equal(7);

        static void Refuse(long index)
        {
            if (index == 7)
                throw new EndpointException("gpt", "400", "endpoint \"gpt\" does not accept the request (400)");
        }
    }

    private static void Refuse(ref int left)
    {
        if (left-- <= 0)
            throw new EndpointException("gpt", "401", Sentence) { IsUnavailable = true };
    }
}
