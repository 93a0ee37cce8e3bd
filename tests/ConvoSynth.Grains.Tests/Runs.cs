using System.Text.Json;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Grains.Rows;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Grains.Tests;

/// <summary>What a run stored, and what it should have stored.</summary>
internal static class Runs
{
    public static RunFolder Folder(MemoryStorage storage) => new(storage, "run");

    /// <summary>File name without its owner, row count and SHA-256 of every committed shard, verified against its commit.</summary>
    public static IReadOnlyList<string> Shards(MemoryStorage storage)
    {
        var manifest = RunManifest.Read(Folder(storage));
        manifest.Verify(Folder(storage)).Should().BeEmpty();
        return
        [
            .. manifest
                .Commits.SelectMany(c => c.Shards())
                .Select(s => $"{RunFolder.PlainName(s.Shard.File)} {s.Shard.Rows} {s.Shard.Sha256}")
                .Order(StringComparer.Ordinal),
        ];
    }

    public static IReadOnlyList<ShardRow> Rows(MemoryStorage storage) => [.. new RunReader(Folder(storage)).Rows().OrderBy(r => r.Index)];

    /// <summary>Rows as text, independent of their shards.</summary>
    public static IReadOnlyList<string> Contents(MemoryStorage storage) => [.. Rows(storage).Select(r => JsonSerializer.Serialize(r))];

    /// <summary>Asserts that every planned index has one row, and that the status adds up to the plan.</summary>
    public static void ShouldBeWhole(MemoryStorage storage, RunSpec spec, CampaignStatus status)
    {
        status.Error.Should().BeNull();
        status.InFlight.Should().Be(0);
        status.Open.Should().Be(0);
        Rows(storage).Select(r => r.Index).Should().Equal(Enumerable.Range(0, (int)spec.Count).Select(i => (long)i));
    }

    /// <summary>Writes the run in a plain loop, without grains.</summary>
    public static async Task<MemoryStorage> Plain(RunSpec spec, ShardLimits limits)
    {
        var storage = new MemoryStorage();
        var setup = Setups.Of(spec);
        for (var partition = 0; partition < spec.Partitions; partition++)
        {
            using var shards = PartitionShards.Open(Folder(storage), partition, null, new ParquetShards(), limits);
            for (var (index, end) = spec.Range(partition); index < end; index++)
            {
                var blueprint = await setup.Blueprints.Make(index, CancellationToken.None);
                var finished = await DialogueRunner.Run(setup, index, 0, blueprint, CancellationToken.None);
                var row = ResultRows.RowOf(
                    spec,
                    new()
                    {
                        Index = index,
                        Attempt = 0,
                        Epoch = 0,
                        Trajectory = finished.Trajectory,
                        PlantedFault = finished.PlantedFault,
                    }
                );
                // A run trusts the writer of its cells; here they are parsed.
                (row with { CellsAreWritten = false })
                    .Problem()
                    .Should()
                    .BeNull();
                shards.Append(index, [row]);
            }

            shards.Commit();
        }

        return storage;
    }
}
