using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Models;

namespace ConvoSynth.Synthesis;

/// <summary>A blueprint and the model calls that it took.</summary>
public sealed record MadeBlueprint(Blueprint Blueprint, ImmutableArray<ModelCall> Calls);

/// <summary>Where the blueprints of a run come from: the sampler, a file of tasks, hand-written ones, a language model.</summary>
public interface IBlueprintSource
{
    /// <exception cref="BlueprintException">None can be made for this index.</exception>
    ValueTask<Blueprint> Make(long index, CancellationToken cancellationToken);

    /// <summary>As above; a source that asks a model keeps the answers in the journal.</summary>
    async ValueTask<MadeBlueprint> Make(long index, IJournal? journal, CancellationToken cancellationToken) =>
        new(await Make(index, cancellationToken), []);
}

/// <summary>One seat of the committee.</summary>
/// <param name="Name">As votes and the ledger have it: the endpoint's.</param>
public sealed record JudgeSeat(string Name, IStructuredModel Model);

/// <summary>What the roles of one run work with. Immutable, and shared by all dialogues of the run in this process.</summary>
public sealed record RunSetup
{
    public required RunSpec Spec { get; init; }

    public required IReadOnlyDictionary<string, Pack> Packs { get; init; }

    public required IBlueprintSource Blueprints { get; init; }

    /// <summary>The blueprints before a writer puts them into words.</summary>
    /// <value>Null by default: no model has a part in <see cref="Blueprints"/>.</value>
    public IBlueprintSource? Unwritten { get; init; }

    public required IChatModel Human { get; init; }

    public required IChatModel Agent { get; init; }

    /// <summary>Domain → its checks.</summary>
    public required IReadOnlyDictionary<string, Verifier> Verifiers { get; init; }

    public DialogueLimits Limits { get; init; } = DialogueLimits.Default;

    /// <summary>What language models are told.</summary>
    /// <value>Null by default: models that play from a script get the instruction alone, and the pack's own prompt.</value>
    public PromptSet? Prompts { get; init; }

    /// <summary>Who votes on dialogues in which no check failed, in the order of the spec. Needs <see cref="Prompts"/>.</summary>
    /// <value>Empty by default: what is unsure stays so.</value>
    public ImmutableArray<JudgeSeat> Judges { get; init; } = [];

    /// <summary>Who puts instructions into words, for the row; null where nobody does.</summary>
    public string? WriterName { get; init; }

    /// <summary>Whether a dialogue that nothing can save is ended at once.</summary>
    /// <value>False by default.</value>
    public bool EarlyStop { get; init; }

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
    public string SystemOf(string domain) =>
        Systems.GetValueOrDefault(domain) ?? Prompts?.AgentSystem(Packs[domain]) ?? Packs[domain].SystemPrompt;

    /// <summary>Role → model, as rows have it.</summary>
    public Json ModelNames
    {
        get
        {
            var names = Json.Map(("human", Human.Name), ("agent", Agent.Name));
            if (WriterName is { } writer)
                names = names.With("writer", writer);
            return Judges.IsEmpty ? names : names.With("judges", Json.List(Judges.Select(j => (Json)j.Name)));
        }
    }

    /// <summary>Role → hash of its prompt, as rows have it; empty where no role had one.</summary>
    public string PromptHashes => Prompts?.Hashes(Spec.Roles).ToString() ?? "";

    /// <summary>The judge in a seat, for one dialogue.</summary>
    /// <exception cref="InvalidOperationException">No such seat, or no prompts.</exception>
    public ModelJudge JudgeOf(string seat, string domain, DialogueKey dialogue, IJournal? journal) =>
        new(
            seat,
            (
                Judges.FirstOrDefault(j => j.Name == seat)
                ?? throw new InvalidOperationException($"the run {Spec.RunId} has no judge {seat}")
            ).Model,
            Prompts ?? throw new InvalidOperationException($"the run {Spec.RunId} has judges and no prompts"),
            Packs[domain],
            dialogue,
            journal
        );

    /// <summary>A dialogue about to begin.</summary>
    public DialogueSession SessionOf(Blueprint blueprint)
    {
        var pack = Packs[blueprint.Domain];
        return new(pack, blueprint, Limits, SystemOf(blueprint.Domain), EarlyStop ? Doom.Of(pack) : null);
    }

    /// <summary>The dialogue's own seed; another attempt is another dialogue.</summary>
    public Seed SeedOf(long index, int attempt) => new Seed((ulong)Spec.Seed).For("dialogue").For(index).For(attempt);

    public DialogueOpening OpeningOf(long index, int attempt, ModelRole role, Blueprint blueprint) =>
        new(new(Spec.RunId, index, attempt), role, SeedOf(index, attempt), blueprint);

    /// <summary>A role's view, ready to speak.</summary>
    /// <param name="journal">Of the run; one that is played back has <see cref="Record"/> instead.</param>
    public RoleView View(DialogueOpening opening, IJournal? journal = null)
    {
        var pack = Packs[opening.Script.Domain];
        if (opening.Role == ModelRole.Agent)
            return new(Agent, opening, SystemOf(pack.Name), pack.ToolsFor(opening.Script), Record ?? journal);
        if (Prompts is null)
            return new(Human, opening, opening.Script.Instruction, [], Record ?? journal);
        var told = Prompts.Human.Render(("instruction", opening.Script.Instruction), ("persona", opening.Script.Persona.Manner));
        var view = new RoleView(Human, opening, told.System, [], Record ?? journal);
        if (told.User.Length > 0)
            view.Heard(Message.User(told.User));
        return view;
    }
}

/// <summary>Makes the setup of a run, the same in every process that works on it.</summary>
public interface IRunSetups
{
    RunSetup For(RunSpec spec);
}
