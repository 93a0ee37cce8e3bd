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

    /// <summary>Where answers come from that were had before: the run is played back.</summary>
    /// <value>Null by default: answers are kept in the run's own journal.</value>
    public IJournal? Record { get; init; }

    /// <summary>Of a run that is played back: whether an attempt of an index was had. One that was not cannot be had any more, and the one before it stands.</summary>
    /// <value>Null by default: every attempt can be had.</value>
    public Func<long, int, bool>? HasAttempt { get; init; }

    /// <summary>What the agent of a domain is told.</summary>
    public string SystemOf(string domain) => Systems.GetValueOrDefault(domain) ?? Packs[domain].SystemPrompt;

    /// <summary>The dialogue's own seed; another attempt is another dialogue.</summary>
    public Seed SeedOf(long index, int attempt) => new Seed((ulong)Spec.Seed).For("dialogue").For(index).For(attempt);

    public DialogueOpening OpeningOf(long index, int attempt, ModelRole role, Blueprint blueprint) =>
        new(new(Spec.RunId, index, attempt), role, SeedOf(index, attempt), blueprint);

    /// <summary>A role's view, ready to speak.</summary>
    /// <param name="journal">Of the run; one that is played back has <see cref="Record"/> instead.</param>
    public RoleView View(DialogueOpening opening, IJournal? journal = null)
    {
        var pack = Packs[opening.Script.Domain];
        return opening.Role == ModelRole.Human
            ? new(Human, opening, opening.Script.Instruction, [], Record ?? journal)
            : new(Agent, opening, SystemOf(pack.Name), pack.ToolsFor(opening.Script), Record ?? journal);
    }
}

/// <summary>Makes the setup of a run, the same in every process that works on it.</summary>
public interface IRunSetups
{
    RunSetup For(RunSpec spec);
}
