using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>
/// An index that cannot be made ends as a failed row with the reason. Rows that cannot be written end the campaign, and what was
/// committed stays.
/// </summary>
public sealed class Failures
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_index_without_a_blueprint_fails_with_the_reason(bool wire)
    {
        var rows = RowsOf(
            wire,
            setup =>
                setup with
                {
                    Blueprints = new Setups.Source(
                        (index, _) =>
                            index switch
                            {
                                7 => throw new BlueprintException("no row fits"),
                                9 => throw new ForeignException("the source is broken"),
                                _ => Setups.Sampled(Setups.Spec, index),
                            }
                    ),
                }
        );

        rows[7].Status.Should().Be(RowStatus.Failed);
        rows[7].RejectReasons.Should().Equal("no blueprint: no row fits");
        rows[9].RejectReasons.Should().Equal("no blueprint: ForeignException: the source is broken");
        rows.Count(r => r.Status == RowStatus.Failed).Should().Be(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dialogue_whose_model_throws_fails_with_the_error(bool wire)
    {
        var rows = RowsOf(
            wire,
            setup =>
                setup with
                {
                    Agent = new Setups.Watched(
                        setup.Agent,
                        request =>
                        {
                            if (request.Dialogue.Index == 3 && request.Step == 1)
                                throw new ForeignException("out of words");
                        }
                    ),
                }
        );

        rows[3].Status.Should().Be(RowStatus.Failed);
        rows[3].RejectReasons.Should().Equal("ForeignException: out of words");
        rows.Count(r => r.Status == RowStatus.Failed).Should().Be(1);
    }

    [Fact]
    public void A_row_that_cannot_be_written_fails_alone()
    {
        var rows = RowsOf(
            wire: false,
            setup =>
                setup with
                {
                    Blueprints = new Setups.Source(
                        (index, _) =>
                            Setups.Sampled(Setups.Spec, index) is var b && index == 4 ? b with { Slice = "half a pair: \uD800" } : b
                    ),
                }
        );

        rows[4].Status.Should().Be(RowStatus.Failed);
        rows[4].RejectReasons.Should().ContainSingle().Which.Should().Contain("half of a surrogate pair");
        rows.Count(r => r.Status == RowStatus.Failed).Should().Be(1);
    }

    [Fact]
    public void Storage_that_fails_ends_the_campaign_and_leaves_what_was_committed()
    {
        var storage = new MemoryStorage();
        using (var world = new World(storage))
        {
            var renames = 0;
            storage.Before = (operation, path) =>
            {
                if (operation == "rename" && ++renames > 3)
                    throw new ShardException(ShardError.DiskFull, $"'{path}' cannot be written: the disk is full.");
            };

            var status = world.Carry(Setups.Spec, concurrency: 4);

            status.Error.Should().Contain("the disk is full");
            status.Finished.Should().BeTrue();
            Runs.Rows(storage).Should().HaveCountLessThan(40);
        }

        storage.Before = null;
        storage.Crash();
        var committed = Runs.Shards(storage);
        committed.Should().NotBeEmpty();
        using var resumed = new World(storage);
        Runs.ShouldBeWhole(storage, Setups.Spec, resumed.Carry(Setups.Spec));
        Runs.Shards(storage).Should().Contain(committed);
    }

    [Fact]
    public void A_run_that_cannot_be_is_refused_with_the_reason()
    {
        using var world = new World(new MemoryStorage());

        var status = world.Carry(Setups.Spec with { Count = 0 });

        status.Finished.Should().BeTrue();
        status.Error.Should().Contain("the count is 0");
    }

    [Fact]
    public void A_dialogue_that_begins_again_and_again_without_a_word_fails()
    {
        var storage = new MemoryStorage();
        using var world = new World(storage);
        var began = 0;
        world.Steps.Between = _ => began += world.Cluster.Crash(id => id.Type.ToString() == "dialogue" && id.Key.ToString() == "run/5/0");

        var status = world.Carry(Setups.Spec);

        began.Should().Be(PartitionGrain.BeginningLimit);
        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        Runs.Rows(storage)[5].RejectReasons.Should().Equal("the dialogue was begun 8 times and never reported");
    }

    private static IReadOnlyList<ShardRow> RowsOf(bool wire, Func<RunSetup, RunSetup> change)
    {
        var storage = new MemoryStorage();
        using var world = new World(storage, new() { Wire = wire, Setup = spec => change(Setups.Of(spec)) });
        var status = world.Carry(Setups.Spec);
        Runs.ShouldBeWhole(storage, Setups.Spec, status);
        var rows = Runs.Rows(storage);
        status.Counts.Failed.Should().Be(rows.Count(r => r.Status == RowStatus.Failed));
        return rows;
    }

    /// <summary>A type that no runtime sends across processes.</summary>
    private sealed class ForeignException(string message) : Exception(message);
}
