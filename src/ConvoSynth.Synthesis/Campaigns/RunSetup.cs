using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;

namespace ConvoSynth.Synthesis;

/// <summary>Where the blueprints of a run come from: the sampler, a file of tasks, hand-written ones; later a language model.</summary>
public interface IBlueprintSource
{
    /// <exception cref="BlueprintException">None can be made for this index.</exception>
    ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken);
}

/// <summary>What the roles of one run work with. Immutable, and shared by all dialogues of the run in this process.</summary>
public sealed record RunSetup
{
    public required RunSpec Spec { get; init; }

    public required IReadOnlyDictionary<string, Pack> Packs { get; init; }

    public required IBlueprintSource Blueprints { get; init; }

    public required IChatModel Human { get; init; }

    public required IChatModel Agent { get; init; }

    /// <summary>Domain → its checks.</summary>
    public required IReadOnlyDictionary<string, Verifier> Verifiers { get; init; }

    public DialogueLimits Limits { get; init; } = DialogueLimits.Default;

    /// <summary>What the agent of a domain is told instead of the pack's own prompt: dialogues that were recorded elsewhere had a prompt of their own.</summary>
    /// <value>Empty by default: every agent is told its pack's prompt.</value>
    public IReadOnlyDictionary<string, string> Systems { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the agent of a domain is told.</summary>
    public string SystemOf(string domain) => Systems.GetValueOrDefault(domain) ?? Packs[domain].SystemPrompt;

    /// <summary>The dialogue's own seed; another attempt is another dialogue.</summary>
    public Seed SeedOf(long index, int attempt) => new Seed((ulong)Spec.Seed).For("dialogue").For(index).For(attempt);

    public DialogueOpening OpeningOf(long index, int attempt, ModelRole role, Blueprint blueprint) =>
        new(new(Spec.RunId, index, attempt), role, SeedOf(index, attempt), blueprint);

    /// <summary>A role's view, ready to speak.</summary>
    public RoleView View(DialogueOpening opening)
    {
        var pack = Packs[opening.Script.Domain];
        return opening.Role == ModelRole.Human
            ? new(Human, opening, opening.Script.Instruction, [])
            : new(Agent, opening, SystemOf(pack.Name), pack.ToolsFor(opening.Script));
    }
}

/// <summary>Makes the setup of a run, the same in every process that works on it.</summary>
public interface IRunSetups
{
    RunSetup For(RunSpec spec);
}
