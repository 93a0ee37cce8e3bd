using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Domains.Worlds;

namespace ConvoSynth.Runs.Setups;

/// <summary>Where the tasks of a run come from, and the databases that they are about.</summary>
public sealed record RunTasks(IBlueprintSource Blueprints)
{
    /// <summary>Domain → its worlds.</summary>
    /// <value>Empty by default: each domain has the database of its pack.</value>
    public IReadOnlyDictionary<string, PackWorlds> Worlds { get; init; } = new Dictionary<string, PackWorlds>(StringComparer.Ordinal);

    /// <summary>Domain → where its proposals begin and are checked.</summary>
    /// <value>Empty by default: no task is proposed.</value>
    public IReadOnlyDictionary<string, ProposalDesk> Desks { get; init; } = new Dictionary<string, ProposalDesk>(StringComparer.Ordinal);
}
