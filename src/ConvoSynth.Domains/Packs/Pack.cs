using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Intents;

namespace ConvoSynth.Domains.Packs;

/// <summary>A loaded domain pack over one database. Immutable, and shared by all dialogues of the domain.</summary>
public sealed class Pack
{
    private readonly ImmutableArray<ToolDefinition> _allTools;

    private readonly PackContent _content;

    internal Pack(PackContent content, Database @base, (string Pack, string Tasks) hashes, World? world = null, bool isBenchmark = false)
    {
        _content = content;
        Base = @base;
        Hashes = hashes;
        World = world;
        IsBenchmark = isBenchmark;
        var domain = content.Domain;
        Rows = new(domain, @base);
        Guards = new(domain, Rows);
        Canon = new(domain);
        Fit = new(domain);
        ToolNames = [.. Tools.All.Select(t => t.Name)];
        _allTools = [.. Tools.All.Select(t => t.Definition)];
        BaseView = View([]);
        SystemPrompt =
            $"You are the customer service agent of {domain.Title}. It is {domain.Clock:yyyy-MM-dd HH:mm} now. "
            + $"Serve the person you talk to with the tools you have, and keep to this policy.\n\n{Policy.Text.Trim()}";
    }

    public string Name => Domain.Name;

    public PackSources Sources => _content.Sources;

    public DomainSpec Domain => _content.Domain;

    public ToolSet Tools => _content.Code.Tools;

    /// <summary>The names of all tools, in the pack's order.</summary>
    public ImmutableArray<string> ToolNames { get; }

    public Policy Policy => _content.Policy;

    /// <summary>The parameters of the policy in this database.</summary>
    public PackParameters Parameters => _content.Parameters;

    public Database Base { get; }

    /// <summary>The world that the base tables are; null for the pack's own database, or for that of a user.</summary>
    public World? World { get; }

    public IReadOnlyList<RuleSpec> Rules => _content.Rules;

    public IReadOnlyList<Persona> Personas => _content.Personas;

    public IReadOnlyList<IntentSpec> Intents => _content.Intents;

    /// <summary>What humans ask that the policy alone answers.</summary>
    public IReadOnlyList<PackQuestion> Questions => _content.Questions;

    /// <summary>Tools that only look like the pack's own. They are offered in tasks that name them, and each call of one fails.</summary>
    public IReadOnlyList<LookalikeTool> Lookalikes => _content.Lookalikes;

    /// <summary>Clauses that say something else in tasks of the slice <c>parallel</c>.</summary>
    public IReadOnlyList<Amendment> Amendments => _content.Amendments;

    /// <summary>
    /// SHA-256 over all files that the pack was read from, and its base tables; a row must be verified against the same hash. A world
    /// has the hash of the pack that made it.
    /// </summary>
    public string Hash => Hashes.Pack;

    /// <summary>
    /// The hash without <c>amendments.yaml</c>: tasks are drawn by it, so that a pack with that file has the tasks that it had before.
    /// </summary>
    internal string TasksHash => Hashes.Tasks;

    public EntityRows Rows { get; }

    public GuardTesting Guards { get; }

    public StateCanon Canon { get; }

    internal FieldFit Fit { get; }

    /// <summary>A shared view of the unchanged base tables, for reading only.</summary>
    public Db BaseView { get; }

    /// <summary>A private view of the base tables under a patch.</summary>
    public Db View(ImmutableArray<Change> patch) => new(Base, Domain.Clock, patch) { IsBenchmark = IsBenchmark, Parameters = Parameters };

    /// <summary>
    /// Whether the tools reproduce the quirks of the benchmark that the pack is modelled on, as its recorded dialogues require.
    /// </summary>
    public bool IsBenchmark { get; }

    /// <summary>The same pack with the benchmark's quirks, for recorded dialogues and foreign tasks.</summary>
    public Pack AsBenchmark() => IsBenchmark ? this : new(_content, Base, Hashes, World, isBenchmark: true);

    internal (string Pack, string Tasks) Hashes { get; }

    internal PackCode Code => _content.Code;

    /// <summary>A file of the pack with its parameters filled in; null if the pack was not read from such a file.</summary>
    internal string? TextOf(string path) =>
        Sources.TextOf(path) is not { } text ? null
        : PackFolder.TakesParameters(path) ? ParameterText.Fill(text, Parameters)
        : text;

    /// <summary>A YAML file of the pack with its parameters filled in; null if there is none, or it is not YAML.</summary>
    internal YamlPart? Yaml(string path, List<PackDiagnostic> faults) =>
        TextOf(path) is { } text ? YamlPart.Parse(path, text, faults) : null;

    public ImmutableArray<ToolDefinition> ToolsFor(Blueprint blueprint) =>
        blueprint.AvailableTools == ToolNames ? _allTools : Offered(blueprint);

    private ImmutableArray<ToolDefinition> Offered(Blueprint blueprint) =>
        [.. blueprint.AvailableTools.Select(t => Tools.Find(t)?.Definition ?? LookalikeOf(t)?.Definition).OfType<ToolDefinition>()];

    /// <summary>The look-alike of a name; null if there is none.</summary>
    public LookalikeTool? LookalikeOf(string tool) => Lookalikes.FirstOrDefault(l => string.Equals(l.Name, tool, StringComparison.Ordinal));

    /// <summary>The agent's system prompt: its workplace, the date and time, and the policy verbatim.</summary>
    public string SystemPrompt { get; }
}
