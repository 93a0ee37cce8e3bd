using System.Text.Json;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Runs;
using ConvoSynth.Shards.Storage;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Grains.Tests;

/// <summary>What a run left in its storage, and what it should have left.</summary>
internal static class Runs
{
    public static RunFolder Folder(MemoryStorage storage) => new(storage, "run");

    /// <summary>File name → SHA-256 and row count of every committed shard, each found to be what its commit says.</summary>
    public static IReadOnlyList<string> Shards(MemoryStorage storage)
    {
        var manifest = RunManifest.Read(Folder(storage));
        manifest.Verify(Folder(storage)).Should().BeEmpty();
        return
        [
            .. manifest
                .Commits.SelectMany(c => c.Shards())
                .Select(s => $"{s.Shard.File} {s.Shard.Rows} {s.Shard.Sha256}")
                .Order(StringComparer.Ordinal),
        ];
    }

    public static IReadOnlyList<ShardRow> Rows(MemoryStorage storage) => [.. new RunReader(Folder(storage)).Rows().OrderBy(r => r.Index)];

    /// <summary>Rows as text, whichever shard they are in.</summary>
    public static IReadOnlyList<string> Contents(MemoryStorage storage) => [.. Rows(storage).Select(r => JsonSerializer.Serialize(r))];

    /// <summary>Every planned index has one row, and the status adds up to the plan.</summary>
    public static void ShouldBeWhole(MemoryStorage storage, RunSpec spec, CampaignStatus status)
    {
        status.Error.Should().BeNull();
        status.InFlight.Should().Be(0);
        status.Open.Should().Be(0);
        Rows(storage).Select(r => r.Index).Should().Equal(Enumerable.Range(0, (int)spec.Count).Select(i => (long)i));
    }

    /// <summary>The run as a plain loop writes it, with no grain in sight.</summary>
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
                var row = TrajectoryRows.RowOf(
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
