using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Dialogues.Blueprints;
using ConvoSynth.Dialogues.Prompts;
using ConvoSynth.Dialogues.Roles;
using ConvoSynth.Dialogues.Sessions;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Worlds;
using ConvoSynth.Models;
using ConvoSynth.Models.Journal;
using ConvoSynth.Verification.Judges;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Setups;

/// <summary>One seat of the committee.</summary>
/// <param name="Name">As in votes and the ledger.</param>
public sealed record JudgeSeat(string Name, IStructuredModel Model)
{
    /// <inheritdoc cref="SeatSpec.Rubric"/>
    public string? Rubric { get; init; }
}

/// <summary>Everything that the roles of one run share. Immutable, and shared by all dialogues of the run in this process.</summary>
public sealed record RunSetup
{
    // Kept as long as each world; a copy of the setup shares them only if it leaves out the same checks.
    private readonly ConditionalWeakTable<Pack, Verifier> _ofWorlds = [];

    public required RunSpec Spec { get; init; }

    public required IReadOnlyDictionary<string, Pack> Packs { get; init; }

    /// <summary>Domain → its worlds.</summary>
    /// <value>Empty by default: each domain has the database of its pack.</value>
    public IReadOnlyDictionary<string, PackWorlds> Worlds { get; init; } = new Dictionary<string, PackWorlds>(StringComparer.Ordinal);

    public required IBlueprintSource Blueprints { get; init; }

    /// <summary>The blueprints before a writer puts them into words.</summary>
    /// <value>Null by default: <see cref="Blueprints"/> uses no model.</value>
    public IBlueprintSource? Unwritten { get; init; }

    public required IChatModel Human { get; init; }

    public required IChatModel Agent { get; init; }

    /// <summary>Domain → its checks.</summary>
    public required IReadOnlyDictionary<string, Verifier> Verifiers { get; init; }

    /// <summary>Checks of worlds that are left out, as <c>stage.check</c>; <see cref="Verifiers"/> lack them already.</summary>
    public IReadOnlyCollection<string> WithoutChecks
    {
        get;
        init
        {
            field = value;
            _ofWorlds = [];
        }
    } = [];

    public DialogueLimits Limits { get; init; } = DialogueLimits.Default;

    /// <summary>The prompts for language models.</summary>
    /// <value>Null by default: scripted models get the instruction alone, and the pack's own system prompt.</value>
    public PromptSet? Prompts { get; init; }

    /// <summary>
    /// The seats that vote on dialogues without a failed check, in the order of the spec. They need <see cref="Prompts"/>.
    /// </summary>
    /// <value>Empty by default: unsure verdicts stay unsure.</value>
    public ImmutableArray<JudgeSeat> Judges { get; init; } = [];

    /// <summary>The model that words instructions, for the row; null if there is no writer.</summary>
    public string? WriterName { get; init; }

    /// <summary>Whether a dialogue ends at once when it can no longer be accepted.</summary>
    /// <value>False by default.</value>
    public bool EarlyStop { get; init; }

    /// <summary>
    /// Domain → the system prompt that replaces the pack's own. Dialogues recorded elsewhere had a prompt of their own.
    /// </summary>
    /// <value>Empty by default: every agent gets its pack's prompt.</value>
    public IReadOnlyDictionary<string, string> Systems { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The journal of an earlier run whose answers this run plays back.</summary>
    /// <value>Null by default: answers go to the run's own journal.</value>
    public IJournal? Record { get; init; }

    /// <summary>What an agent is told in a run with <see cref="RunSpec.Thoughts"/>.</summary>
    private const string AskForThoughts =
        "Before each tool call, write one to three sentences of thought between <think> and </think>: what you know, what is missing, "
        + "and which tool you call with which values. Name only what you have read or heard so far, and then make that very call.";

    /// <summary>
    /// For a run that is played back: whether the record has this attempt of this index. A missing attempt cannot be made again, so the
    /// attempt before it stands.
    /// </summary>
    /// <value>Null by default: every attempt is possible.</value>
    public Func<long, int, bool>? HasAttempt { get; init; }

    /// <summary>The pack of a task, over the database that the task is about.</summary>
    public Pack PackOf(Blueprint blueprint) => PackOf(blueprint.Domain, blueprint.World);

    /// <param name="world">Null for the domain's one database.</param>
    public Pack PackOf(string domain, World? world) => world is null ? Packs[domain] : Worlds[domain].Of(world);

    /// <summary>The checks of a task.</summary>
    public Verifier VerifierOf(Blueprint blueprint) =>
        blueprint.World is null
            ? Verifiers[blueprint.Domain]
            : _ofWorlds.GetValue(PackOf(blueprint), pack => Verifier.Of(pack, Spec).Without(WithoutChecks));

    /// <summary>The agent's system prompt in a domain, with the policy of the pack's database.</summary>
    public string SystemOf(Pack pack) => Systems.GetValueOrDefault(pack.Name) ?? Prompts?.AgentSystem(pack) ?? pack.SystemPrompt;

    /// <summary>The agent's system prompt in a task: that of its domain, with the task's own clause and notice.</summary>
    public string SystemOf(Blueprint blueprint)
    {
        var system = SystemOf(PackOf(blueprint));
        if (blueprint.Twist?.Amended is { } amended)
            system = amended.In(system);
        return blueprint.Twist?.Notice is { } notice ? $"{system}\n\n{notice}" : system;
    }

    /// <summary>Role → model, in the form of rows.</summary>
    public JsonMap ModelNames
    {
        get
        {
            var names = Json.Map(("human", Human.Name), ("agent", Agent.Name));
            if (WriterName is { } writer)
                names = names.With("writer", writer);
            return Judges.IsEmpty ? names : names.With("judges", Json.List(Judges.Select(j => (Json)j.Name)));
        }
    }

    /// <summary>Role → model of a row about a task; a proposer is named where it proposed the task.</summary>
    public Json ModelsOf(Blueprint blueprint) =>
        blueprint.Proposal is { } proposal ? ModelNames.With("proposer", proposal.Model) : ModelNames;

    /// <summary>Role → hash of its prompt, in the form of rows; empty if no role has a prompt.</summary>
    public string PromptHashes => Prompts?.Hashes(Spec.Roles).ToString() ?? "";

    /// <summary>Whether the seats vote on each task before it is played.</summary>
    public bool JudgesBlueprints => !Judges.IsEmpty && Spec.Roles is { Committee.Blueprints: true };

    /// <summary>The judge in a seat, for one dialogue.</summary>
    /// <exception cref="InvalidOperationException">The seat does not exist, or the run has no prompts.</exception>
    public ModelJudge JudgeOf(string seat, Pack pack, DialogueKey dialogue, IJournal? journal)
    {
        var held =
            Judges.FirstOrDefault(j => j.Name == seat) ?? throw new InvalidOperationException($"the run {Spec.RunId} has no judge {seat}");
        var prompts = Prompts ?? throw new InvalidOperationException($"the run {Spec.RunId} has judges and no prompts");
        return new(seat, held.Model, prompts, pack, dialogue, journal)
        {
            Rubric = held.Rubric,
            Draws =
                Sitting.OnDialogue(Spec, dialogue.Index, dialogue.Attempt).Draw is { } onDialogue
                && Sitting.OnBlueprint(Spec, dialogue.Index).Draw is { } onTask
                    ? (onDialogue, onTask)
                    : null,
        };
    }

    public DialogueSession SessionOf(Blueprint blueprint)
    {
        var pack = PackOf(blueprint);
        return new(pack, blueprint, Limits, SystemOf(blueprint), EarlyStop ? EarlyStopChecks.Of(pack) : null);
    }

    /// <summary>The seed of one attempt; each attempt is a dialogue of its own.</summary>
    public Seed SeedOf(long index, int attempt) => Openings.SeedOf(Spec, index, attempt);

    public DialogueOpening OpeningOf(long index, int attempt, ModelRole role, Blueprint blueprint) =>
        Openings.Of(Spec, index, attempt, role, blueprint);

    /// <summary>A role's view, ready to speak.</summary>
    /// <param name="journal">The journal of the run; a run that is played back uses <see cref="Record"/> instead.</param>
    public RoleView View(DialogueOpening opening, IJournal? journal = null)
    {
        var pack = PackOf(opening.Script);
        if (opening.Role == ModelRole.Agent)
        {
            // The rows' system message has no word of it: thoughts stand apart from what the agent says.
            var system = SystemOf(opening.Script);
            return new(
                Agent,
                opening,
                Spec.Thoughts ? $"{system}\n\n{AskForThoughts}" : system,
                pack.ToolsFor(opening.Script),
                Record ?? journal
            )
            {
                ToolsAfter = opening.Script.Twist?.LateTool is null ? null : m => OfferedTools.After(pack, opening.Script, m),
            };
        }

        if (Prompts is null)
            return new(Human, opening, opening.Script.Instruction, [], Record ?? journal);
        var told = Prompts.Human.Render(("instruction", opening.Script.Instruction), ("persona", opening.Script.Persona.Manner));
        var view = new RoleView(Human, opening, told.System, [], Record ?? journal);
        if (told.User.Length > 0)
            view.Heard(Message.User(told.User));
        return view;
    }
}

/// <summary>Makes the setup of a run. Every process that works on the run gets the same setup.</summary>
public interface IRunSetups
{
    RunSetup For(RunSpec spec);
}
