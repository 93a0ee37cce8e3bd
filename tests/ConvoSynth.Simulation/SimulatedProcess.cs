using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Grains;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Simulation.Runtime;
using ConvoSynth.Simulation.Stores;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ConvoSynth.Simulation;

/// <summary>
/// One process that works on a campaign as the command does: starts or resumes it, and watches it until it ends, is stopped or dies.
/// </summary>
internal sealed partial class SimulatedProcess : IRunFolders, IRunCatalog, IDisposable
{
    /// <summary>Many times the steps of the longest campaign.</summary>
    private const long StepLimit = 400_000;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromHours(12);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(40);

    private readonly SimulatedCampaign _campaign;
    private readonly ProcessConditions _conditions;
    private readonly Mishaps _mishaps;
    private readonly Budgets _budgets;
    private readonly SeededRandom _chaos;
    private readonly TurnOrder _turns;
    private readonly VirtualTime _time;
    private readonly Disk _disk;
    private readonly RunFolder _folder;
    private readonly RunSetup _setup;
    private readonly SimulatedCluster _cluster;
    private bool _stopped;

    public SimulatedProcess(SimulatedCampaign campaign, SimulatedStore store, ProcessConditions conditions)
    {
        (_campaign, _conditions, _mishaps, _budgets) = (campaign, conditions, conditions.Mishaps, conditions.Budgets ?? new(0));
        var seed = new Seed(conditions.Seed);
        _chaos = seed.For("chaos").Random();
        _turns = new(conditions.Seed == 0 ? null : seed.For("turns").Random(), conditions.Note);
        _time = new(conditions.Start);
        _disk = new(store, seed.For("disk").Random(), _mishaps, _budgets, conditions.Figures, _time, conditions.Note);
        _disk.Attach();
        _folder = store.Open(conditions);
        var models = seed.For("models").Random();
        _setup = campaign.Setup(m => new SimulatedModel(
            conditions.Models(
                conditions.Provider is { } provider ? new JournaledModel(m, provider, seed.For("latency").Random(), _time) : m
            ),
            campaign.Plan,
            models,
            _mishaps,
            _time,
            conditions.Figures
        ));
        var syncs = seed.For("syncs").Random();
        store.Syncing = _ => Task.Delay(TimeSpan.FromMilliseconds(syncs.Between(1, 40)), _time);
        var options = new ClusterOptions
        {
            Time = _time,
            Scheduler = _turns,
            PostObserver = _turns,
            Wire = _mishaps.Wire,
            WorkerLimit = 2,
            Silos = _mishaps.Silos,
            Placement = seed.For("placement").Random().Next,
            CallFates =
                _mishaps.Calls > 0 ? new Network(seed.For("network").Random(), _mishaps.Calls, conditions.Figures, conditions.Note) : null,
        };
        _cluster = SimulatedCluster.Start(options, services => services.AddSingleton<IRunFolders>(this).AddSingleton<IRunCatalog>(this));
        conditions.Figures.Processes++;
    }

    public long Now => _time.GetTimestamp();

    public IShardFormat Format => _conditions.Format;

    public ShardLimits Limits => _campaign.Limits;

    public RunFolder For(string runId) => _folder;

    public RunSpec SpecOf(string runId) => _campaign.Spec;

    public RunSetup SetupOf(string runId) => _setup;

    public ProcessEnd Drive()
    {
        var end = Watch();
        if (end.Kind == EndKind.Finished && Linger() is { } problem)
            end = new(EndKind.Violated, end.Status, problem);
        _conditions.Figures.Steps += _turns.Steps;
        if (_disk.Intruder is { } intruder)
            return new(EndKind.Violated, end.Status, intruder);
        return _turns.Foreign is { } foreign
            ? new(EndKind.Violated, end.Status, $"a turn of {foreign} was posted from another thread")
            : end;
    }

    public void Dispose() => _cluster.Dispose();

    private ICampaignGrain Campaign => _cluster.Client.GetGrain<ICampaignGrain>(_campaign.Spec.RunId);

    private ProcessEnd Watch()
    {
        var limit = Now + TimeLimit.Ticks;
        CampaignStatus? last = null;
        while (_turns.Steps < StepLimit && Now < limit)
        {
            var asked = Campaign.Status();
            var next = Now + Poll.Ticks;
            do
            {
                while (_turns.Step())
                {
                    if (Between() is { } died)
                        return died with { Status = last };
                    if (_turns.Steps >= StepLimit)
                        break;
                }
            } while (_turns.Steps < StepLimit && _time.FireNext(next));

            if (!asked.IsCompletedSuccessfully)
                // Its activation died; the next poll asks another.
                continue;
#pragma warning disable VSTHRD002, VSTHRD104 // It has completed, so this does not block.
            last = asked.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002, VSTHRD104
            if (!last.Begun)
                _ = Campaign.Start(new(_mishaps.Concurrency));
            if (Violation(last) is { } violation)
                return new(EndKind.Violated, last, violation);
            if (last.Finished)
                return EndOf(last);
        }

        return new(
            EndKind.Violated,
            last,
            _turns.Steps >= StepLimit ? $"it did not end in {StepLimit} steps" : $"it did not end in {TimeLimit}"
        );
    }

    private ProcessEnd EndOf(CampaignStatus status)
    {
        if (status.Error is { } error)
            return _disk.Failures > 0
                ? new(EndKind.StorageFailed, status, error)
                : new(EndKind.Violated, status, $"the campaign failed although storage did not: {error}");
        if (status.Open == 0)
            return new(EndKind.Finished, status, null);
        return _stopped
            ? new(EndKind.Stopped, status, null)
            : new(EndKind.Violated, status, $"finished with {status.Open} indexes open although nobody stopped it");
    }

    // Holds for all known dialogues in flight, whatever was lost: a permit belongs to one partition, and a partition to one owner.
    private string? Violation(CampaignStatus status)
    {
        // At most half of each window may be lent.
        var most = _mishaps.Concurrency + (_mishaps.Concurrency / 2);
        if (status.Begun && status.Planned != _campaign.Spec.Count)
            return $"{status.Planned} planned instead of {_campaign.Spec.Count}";
        if (status.InFlight > most)
            return $"{status.InFlight} dialogues in flight where {most} may be";
        return status.Begun && status.Open < 0
            ? $"{status.Counts.Done} done and {status.Restored} restored of {status.Planned} planned"
            : null;
    }

    /// <summary>Waits longer than the collection age of idle activations: an activation that remains would remain for ever.</summary>
    private string? Linger()
    {
        _cluster.CrashForgotten();
        var until = Now + Lingering.Ticks;
        do
        {
            while (_turns.Step())
            {
                if (_turns.Steps >= StepLimit)
                    return $"it went on for {StepLimit} steps";
            }
        } while (_time.FireNext(until));
        var left = _cluster.ActiveGrains();
        return left.Count == 0 ? null : $"left behind: {string.Join(", ", left.Take(5))}";
    }
}
