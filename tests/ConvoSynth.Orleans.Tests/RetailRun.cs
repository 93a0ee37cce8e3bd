using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Grains.Dialogue;
using ConvoSynth.Grains.Rows;
using ConvoSynth.Models;
using ConvoSynth.Rehearsal;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Orleans.Tests;

/// <summary>
/// A run over the shipped retail pack in a temporary folder, with an action before each of the human's messages and optionally other
/// models.
/// </summary>
internal sealed class RetailRun(Action<ModelRequest>? beforeHuman = null, Func<RunSetup, RunSetup>? change = null)
    : IRunFolders,
        IRunCatalog,
        IRunSetups,
        IDisposable
{
    private static readonly Lazy<Pack> Pack = new(() => PackLoading.Load(RepositoryRoot.At("blueprints", "retail")));
    private static readonly Lazy<BlueprintSampler> Sampler = new(() => new(Pack.Value));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convosynth-orleans-");

    public static RunSpec Spec { get; } =
        new()
        {
            RunId = "run",
            Domains = ["retail"],
            Count = 100,
            Seed = 5,
            FaultRate = 0.2,
            PartitionSize = 25,
        };

    public RunFolder Folder => new(new DiskStorage(), _folder.FullName);

    public IShardFormat Format { get; } = new ParquetShards();

    public ShardLimits Limits { get; } = new() { Indexes = 10 };

    /// <summary>
    /// File name, without its owner's epoch, and SHA-256 of every committed shard, verified against its commit.
    /// </summary>
    public IReadOnlyList<string> Shards()
    {
        var manifest = RunManifest.Read(Folder);
        manifest.Verify(Folder).Should().BeEmpty();
        return
        [
            .. manifest
                .Commits.SelectMany(c => c.Shards())
                .Select(s => $"{RunFolder.PlainName(s.Shard.File)} {s.Shard.Rows} {s.Shard.Sha256}")
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Writes the run in a plain loop, without grains.</summary>
    public async Task WritePlainly()
    {
        var setup = SetupOf(Spec.RunId);
        for (var partition = 0; partition < Spec.Partitions; partition++)
        {
            using var shards = PartitionShards.Open(Folder, partition, null, Format, Limits);
            for (var (index, end) = Spec.Range(partition); index < end; index++)
            {
                var blueprint = await setup.Blueprints.Make(index, CancellationToken.None);
                var rows = new List<ShardRow>();
                for (var consequence = Consequence.TryAgain; consequence == Consequence.TryAgain; )
                {
                    var finished = await DialogueRunner.Run(setup, index, rows.Count, blueprint, CancellationToken.None);
                    var result = new DialogueResult
                    {
                        Index = index,
                        Attempt = rows.Count,
                        Epoch = 0,
                        Trajectory = finished.Trajectory,
                        PlantedFault = finished.PlantedFault,
                    };
                    consequence = result.ConsequenceIn(Spec);
                    var row = ResultRows.RowOf(Spec, result);
                    rows.Add(consequence == Consequence.TryAgain ? row with { Status = RowStatus.Retried } : row);
                }

                shards.Append(index, rows);
            }

            shards.Commit();
        }
    }

    public RunSpec SpecOf(string runId) => Spec;

    public RunSetup SetupOf(string runId)
    {
        var model = new RehearsalModel(_ => Pack.Value, new() { FaultRate = Spec.FaultRate });
        var setup = new RunSetup
        {
            Spec = Spec,
            Packs = new Dictionary<string, Pack>(StringComparer.Ordinal) { ["retail"] = Pack.Value },
            Agent = model,
            Human = beforeHuman is null ? model : new Watched(model, beforeHuman),
            Blueprints = new Sampled(Spec),
            Verifiers = new Dictionary<string, Verifier>(StringComparer.Ordinal) { ["retail"] = Verifier.Default(Pack.Value) },
        };
        return change?.Invoke(setup) ?? setup;
    }

    /// <summary>Deletes all rows; the journal stays.</summary>
    public void ForgetRows()
    {
        foreach (var folder in new[] { "manifest", "accepted", "rejected" })
            Directory.Delete(Path.Combine(_folder.FullName, folder), recursive: true);
    }

    RunSetup IRunSetups.For(RunSpec spec) => SetupOf(spec.RunId);

    RunFolder IRunFolders.For(string runId) => Folder;

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Sampled(RunSpec spec) : IBlueprintSource
    {
        public ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken) =>
            new(Sampler.Value.Sample(new Seed((ulong)spec.Seed), index));
    }

    private sealed class Watched(IChatModel inner, Action<ModelRequest> before) : IChatModel
    {
        public string Name => inner.Name;

        public object? Open(DialogueOpening opening) => inner.Open(opening);

        public ValueTask<ModelResponse> Respond(ModelRequest request, CancellationToken cancellationToken)
        {
            before(request);
            return inner.Respond(request, cancellationToken);
        }
    }
}
