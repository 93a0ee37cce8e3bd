using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>A loaded domain pack over one database. Immutable, and shared by all dialogues of the domain.</summary>
public sealed class Pack
{
    private readonly ImmutableArray<ToolDefinition> _allTools;

    internal Pack(
        PackSources sources,
        DomainSpec domain,
        ToolSet tools,
        Policy policy,
        Database @base,
        IReadOnlyList<RuleSpec> rules,
        IReadOnlyList<Persona> personas,
        IReadOnlyList<IntentSpec> intents,
        string hash,
        bool isBenchmark = false
    )
    {
        IsBenchmark = isBenchmark;
        Sources = sources;
        Domain = domain;
        Tools = tools;
        Policy = policy;
        Base = @base;
        Rules = rules;
        Personas = personas;
        Intents = intents;
        Hash = hash;
        Rows = new(domain, @base);
        Guards = new(domain, Rows);
        Canon = new(domain);
        Fit = new(domain);
        ToolNames = [.. tools.All.Select(t => t.Name)];
        _allTools = [.. tools.All.Select(t => t.Definition)];
        BaseView = View([]);
        SystemPrompt =
            $"You are the customer service agent of {domain.Title}. It is {domain.Clock:yyyy-MM-dd HH:mm} now. "
            + $"Serve the person you talk to with the tools you have, and keep to this policy.\n\n{policy.Text.Trim()}";
    }

    public string Name => Domain.Name;

    public PackSources Sources { get; }

    public DomainSpec Domain { get; }

    public ToolSet Tools { get; }

    /// <summary>The names of all tools, in the pack's order.</summary>
    public ImmutableArray<string> ToolNames { get; }

    public Policy Policy { get; }

    public Database Base { get; }

    public IReadOnlyList<RuleSpec> Rules { get; }

    public IReadOnlyList<Persona> Personas { get; }

    public IReadOnlyList<IntentSpec> Intents { get; }

    /// <summary>
    /// SHA-256 over all files that the pack was read from, and the base tables; a row must be verified against the same hash.
    /// </summary>
    public string Hash { get; }

    public EntityRows Rows { get; }

    public GuardTesting Guards { get; }

    public StateCanon Canon { get; }

    internal FieldFit Fit { get; }

    /// <summary>A shared view of the unchanged base tables, for reading only.</summary>
    public Db BaseView { get; }

    /// <summary>A private view of the base tables under a patch.</summary>
    public Db View(ImmutableArray<Change> patch) => new(Base, Domain.Clock, patch) { IsBenchmark = IsBenchmark };

    /// <summary>
    /// Whether the tools reproduce the quirks of the benchmark that the pack is modelled on, as its recorded dialogues require.
    /// </summary>
    public bool IsBenchmark { get; }

    /// <summary>The same pack with the benchmark's quirks, for recorded dialogues and foreign tasks.</summary>
    public Pack AsBenchmark() =>
        IsBenchmark ? this : new(Sources, Domain, Tools, Policy, Base, Rules, Personas, Intents, Hash, isBenchmark: true);

    public ImmutableArray<ToolDefinition> ToolsFor(Blueprint blueprint) =>
        blueprint.AvailableTools == ToolNames ? _allTools : Offered(blueprint);

    private ImmutableArray<ToolDefinition> Offered(Blueprint blueprint) =>
        [.. blueprint.AvailableTools.Select(t => Tools.Find(t)?.Definition).OfType<ToolDefinition>()];

    /// <summary>The agent's system prompt: its workplace, the date and time, and the policy verbatim.</summary>
    public string SystemPrompt { get; }
}
