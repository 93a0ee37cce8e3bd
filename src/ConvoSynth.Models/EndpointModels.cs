using System.Collections.Immutable;
using Azure.Core;
using Azure.Identity;
using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Models.Asking;
using ConvoSynth.Models.Batches;
using ConvoSynth.Models.Endpoints;
using ConvoSynth.Models.Quota;
using ConvoSynth.Models.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RetryOptions = ConvoSynth.Models.Endpoints.RetryOptions;

namespace ConvoSynth.Models;

/// <summary>The dependencies and settings of a run's models.</summary>
public sealed record EndpointModelsOptions
{
    public EndpointKeys Keys { get; init; } = new();

    public required TimeProvider Time { get; init; }

    /// <summary>The owners of accounts.</summary>
    /// <value>Null by default: this process has the whole quota.</value>
    public IAccountLeases? Leases { get; init; }

    public QuotaOptions Quota { get; init; } = new();

    public RetryOptions Retry { get; init; } = new();

    public CircuitOptions Circuit { get; init; } = new();

    /// <summary>The seed of the jitter between tries. Rows do not depend on it.</summary>
    public Seed Jitter { get; init; } = new(0x6A17_7E12);

    /// <summary>The log of an endpoint's batches, by the endpoint's name.</summary>
    /// <value>Null by default: a batch that is open when the process ends is paid for and lost.</value>
    public Func<string, IBatchLog>? Batches { get; init; }

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Whether all answers are in a journal, so that nothing is sent. No key is needed then.</summary>
    public bool JournalOnly { get; init; }

    /// <summary>Replaces the sockets of an endpoint; null keeps them.</summary>
    public Func<EndpointSpec, HttpMessageHandler?> Handler { get; init; } = static _ => null;

    /// <summary>The credential for Entra ID.</summary>
    /// <value>
    /// <see cref="DefaultAzureCredential"/> by default: environment, workload and managed identity, the signed-in developer.
    /// </value>
    public Func<EndpointSpec, TokenCredential> Credential { get; init; } = static _ => new DefaultAzureCredential();
}

/// <summary>The endpoints of a run, and the roles that use them. One per process; safe for concurrent dialogues.</summary>
public sealed partial class EndpointModels : IDisposable
{
    private readonly Dictionary<string, EndpointSpec> _specs;
    private readonly Dictionary<string, IEndpoint> _tries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IEndpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IEndpoint> _probed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IModelListing?> _listings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchApi> _batches = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _owned = [];
    private readonly RunSpec _run;
    private readonly RoleEndpoints _roles;
    private readonly EndpointModelsOptions _options;
    private readonly RehearsalMetadata _rehearsal;
    private readonly Dictionary<string, AccountHolder> _accounts = new(StringComparer.Ordinal);
    private readonly IAccountLeases _leases;
    private HttpClient? _sockets;

    /// <exception cref="ArgumentException">The run does not use endpoints, its spec has a problem, or an endpoint has no key.</exception>
    public EndpointModels(RunSpec run, EndpointModelsOptions options)
    {
        if (run.Model != RunSpec.OnEndpoints)
            throw new ArgumentException($"the run's model is {run.Model}, not {RunSpec.OnEndpoints}", nameof(run));
        if ((run.Problem() ?? (options.JournalOnly ? null : options.Keys.Problem(run.Endpoints))) is { } problem)
            throw new ArgumentException(problem, nameof(run));
        _run = run;
        _roles = run.Roles!;
        _options = options;
        _specs = run.Endpoints.ToDictionary(e => e.Name, StringComparer.Ordinal);
        _rehearsal = new(run);
        _leases = options.Leases ?? new LocalAccounts(options.Time, options.Quota, options.Circuit);
        foreach (var spec in run.Endpoints)
            Build(spec);
        Human = new(Journaled(_roles.Human));
        Agent = new(Journaled(_roles.Agent));
        Writer = _roles.Writer is { } writer ? Structured(writer) : null;
        Judges = [.. _roles.Voting.Select(j => Structured(j.Endpoint))];
    }

    public EndpointModel Human { get; }

    public EndpointModel Agent { get; }

    /// <summary>Null if the sampler's own words stay.</summary>
    public StructuredEndpointModel? Writer { get; }

    /// <summary>The models of the seats that vote, in order.</summary>
    public ImmutableArray<StructuredEndpointModel> Judges { get; }

    /// <summary>An endpoint with all its decorators.</summary>
    public IEndpoint Endpoint(string name) => _endpoints[name];

    /// <summary>Asks any endpoint of the run for answers in JSON: as a human's critic, say.</summary>
    public StructuredEndpointModel Structured(string name) => new(Journaled(name));

    /// <inheritdoc cref="Probe(IReadOnlyList{FirstPrompt}, CancellationToken)"/>
    public ValueTask<ImmutableArray<ProbeResult>> Probe(CancellationToken cancellationToken) => Probe([], cancellationToken);

    /// <summary>Probes each endpoint of the roles and their fallbacks concurrently; results in the order of the endpoints.</summary>
    /// <param name="first">The longest first prompts of the run, by the endpoint that a role names; a fallback gets them too.</param>
    public async ValueTask<ImmutableArray<ProbeResult>> Probe(IReadOnlyList<FirstPrompt> first, CancellationToken cancellationToken)
    {
        var used = Used(_roles.All().Select(r => r.Endpoint));
        var withTools = Used([_roles.Agent]);
        var probes = _run
            .Endpoints.Where(e => used.Contains(e.Name))
            .Select(e =>
                _batches.TryGetValue(e.Name, out var batches)
                    ? Checked(e.Name, batches, cancellationToken)
                    : new EndpointProbe(
                        new(_probed[e.Name], _specs),
                        withTools.Contains(e.Name),
                        _listings[e.Name],
                        [.. first.Where(f => Used([f.Endpoint]).Contains(e.Name))]
                    )
                        .Run(_run.RunId, cancellationToken)
                        .AsTask()
            );
        return [.. await Task.WhenAll(probes.ToArray())];
    }

    /// <summary>Asks each endpoint of the roles, and their fallbacks, for one word: whether this process may use them.</summary>
    /// <returns>Why not, as a sentence: a key that is refused, a model that is not there; null for a failure that may pass.</returns>
    public async ValueTask<string?> Refusal(CancellationToken cancellationToken)
    {
        var used = Used(_roles.All().Select(r => r.Endpoint));
        var asked = _run
            .Endpoints.Where(e => used.Contains(e.Name))
            .Select(async e =>
                _batches.TryGetValue(e.Name, out var batches)
                    ? (await Checked(e.Name, batches, cancellationToken)).Problem
                    : await new EndpointProbe(new(_probed[e.Name], _specs), usesTools: false).Refusal(_run.RunId, cancellationToken)
            );
        return (await Task.WhenAll(asked.ToArray())).FirstOrDefault(r => r is not null);
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
        _sockets?.Dispose();
    }

    private JournaledEndpoint Journaled(string name) => new(_endpoints[name], _specs, _rehearsal);

    private HashSet<string> Used(IEnumerable<string> names)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            for (var at = name; at is not null && used.Add(at); )
                at = _specs[at].Fallback;
        }

        return used;
    }
}
