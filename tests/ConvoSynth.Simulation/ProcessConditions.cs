using ConvoSynth.Grains;
using ConvoSynth.Models;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Storage;

namespace ConvoSynth.Simulation;

/// <summary>How a process came to its end.</summary>
internal enum EndKind
{
    Finished,
    Stopped,
    StorageFailed,
    Died,
    Violated,
}

/// <param name="Status">The campaign's last word; null where there was none.</param>
/// <param name="Problem">What was violated, or the campaign's error.</param>
internal sealed record ProcessEnd(EndKind Kind, CampaignStatus? Status, string? Problem);

/// <summary>What one process of a seed runs under.</summary>
/// <param name="Seed">Of its own; 0 takes turns in the order of posting.</param>
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

    /// <summary>What the process takes for its storage.</summary>
    public Func<MemoryStorage, IShardStorage> Storage { get; init; } = s => s;

    /// <summary>Who sells the answers of models that are no functions of their requests; null where they are.</summary>
    public Provider? Provider { get; init; }

    /// <summary>What stands before the models.</summary>
    public Func<IChatModel, IChatModel> Models { get; init; } = m => m;
}
