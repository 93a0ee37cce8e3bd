using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Simulation;
using ConvoSynth.Simulation.Runtime;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace ConvoSynth.Grains.Tests;

/// <summary>Options of a <see cref="World"/>.</summary>
internal sealed record WorldOptions
{
    /// <summary>Seed of the order of turns; null for the order of posting.</summary>
    public ulong? Seed { get; init; }

    public bool Wire { get; init; }

    public Func<RunSpec, RunSetup> Setup { get; init; } = Setups.Of;

    public ICallFates? Fates { get; init; }

    public ShardLimits Limits { get; init; } = new() { Indexes = 6 };
}

/// <summary>One process that works on campaigns: one thread, its own clock, and storage that outlives it.</summary>
internal sealed class World : IRunFolders, IRunSetups, IDisposable
{
    private const int SecondsAtMost = 20_000;

    private readonly Func<RunSpec, RunSetup> _setup;
    private readonly KnownRuns _runs;
    private readonly Dictionary<string, RunSetup> _setups = new(StringComparer.Ordinal);

    public World(MemoryStorage storage, WorldOptions? options = null)
    {
        options ??= new();
        (Storage, Limits, _setup, Steps) = (storage, options.Limits, options.Setup, new(options.Seed));
        _runs = new(this);
        Cluster = SimulatedCluster.Start(
            new()
            {
                Time = Time,
                Scheduler = Steps,
                CallFates = options.Fates,
                Wire = options.Wire,
            },
            services => services.AddSingleton<IRunFolders>(this).AddSingleton<IRunCatalog>(_runs)
        );
    }

    public MemoryStorage Storage { get; }

    public SteppedScheduler Steps { get; }

    public VirtualTime Time { get; } = new();

    public IClusterClient Grains => Cluster.Client;

    public SimulatedCluster Cluster { get; }

    public IShardFormat Format { get; } = new ParquetShards();

    public ShardLimits Limits { get; }

    public RunFolder For(string runId) => Runs.Folder(Storage);

    RunSetup IRunSetups.For(RunSpec spec)
    {
        if (!_setups.TryGetValue(spec.RunId, out var setup))
            _setups[spec.RunId] = setup = _setup(spec);
        return setup;
    }

    public void Knows(RunSpec spec) => _runs.Add(spec);

    public ICampaignGrain Campaign(RunSpec spec)
    {
        Knows(spec);
        return Grains.GetGrain<ICampaignGrain>(spec.RunId);
    }

    /// <summary>
    /// Runs a campaign to its end as a command would: starts it, polls its status, and starts it again if its host died.
    /// </summary>
    public CampaignStatus Carry(RunSpec spec, int concurrency = 8, Budget? budget = null, Action<CampaignStatus>? watch = null)
    {
        for (var i = 0; i < SecondsAtMost; i++)
        {
            var status = Result(Campaign(spec).Status());
            if (status is not null)
                watch?.Invoke(status);
            if (status is null or { Begun: false })
                _ = Campaign(spec).Start(new(concurrency) { Budget = budget ?? new() });
            else if (status.Finished)
                return status;
            Steps.Run();
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        throw new InvalidOperationException($"the campaign did not end in {SecondsAtMost} s: {Result(Campaign(spec).Status())}");
    }

    /// <summary>The result of a call without moving the clock; null if the call is still waiting.</summary>
    public T? Result<T>(Task<T> call)
        where T : class
    {
        Steps.Run();
#pragma warning disable VSTHRD002, VSTHRD104 // It has completed, so this does not block.
        return call.IsCompleted ? call.GetAwaiter().GetResult() : null;
#pragma warning restore VSTHRD002, VSTHRD104
    }

    public void Dispose() => Cluster.Dispose();
}
