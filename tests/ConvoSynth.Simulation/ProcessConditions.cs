using ConvoSynth.Grains.Campaign;
using ConvoSynth.Models;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Storage;

namespace ConvoSynth.Simulation;

/// <summary>How a process ended.</summary>
internal enum EndKind
{
    Finished,
    Stopped,
    StorageFailed,
    Died,
    Violated,
}

/// <param name="Status">The campaign's last status; null if there was none.</param>
/// <param name="Problem">The violation, or the campaign's error.</param>
internal sealed record ProcessEnd(EndKind Kind, CampaignStatus? Status, string? Problem);

/// <summary>The conditions under which one process of a seed runs.</summary>
/// <param name="Seed">Seed of this process; 0 runs turns in the order of posting.</param>
/// <param name="Budgets">Shared by the processes of a seed; null without mishaps.</param>
internal sealed record ProcessConditions(
    ulong Seed,
    Mishaps Mishaps,
    Figures Figures,
    Action<string>? Note,
    Budgets? Budgets = null,
    long Start = 0
)
{
    public IShardFormat Format { get; init; } = new ParquetShards();

    /// <summary>Wraps the storage that the process uses.</summary>
    public Func<MemoryStorage, IFileSystem> Storage { get; init; } = s => s;

    /// <summary>Whether an object store compares before it appends; only sabotage says no.</summary>
    public bool ObjectsCompare { get; init; } = true;

    /// <summary>Sells the answers of models that are not functions of their requests; null if the models are functions.</summary>
    public Provider? Provider { get; init; }

    /// <summary>Wraps the models.</summary>
    public Func<IChatModel, IChatModel> Models { get; init; } = m => m;
}
