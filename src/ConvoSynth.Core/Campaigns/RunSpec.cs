using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>
/// What a run is. Everything that decides a row's bytes stands here and nothing else does: neither cores, nor silos, nor how many
/// dialogues are in flight.
/// </summary>
public sealed record RunSpec
{
    /// <summary>The <see cref="Model"/> of a run whose roles <see cref="Endpoints"/> play.</summary>
    public const string OnEndpoints = "endpoints";

    /// <summary>The run's name; part of every row's id.</summary>
    public required string RunId { get; init; }

    /// <summary>Domains in turn: index <c>i</c> belongs to domain <c>i mod n</c>.</summary>
    public required ImmutableArray<string> Domains { get; init; }

    /// <summary>A folder with another database for the domain; null for the pack's own.</summary>
    public string? Data { get; init; }

    /// <summary>How many dialogues are planned, from 1.</summary>
    public required long Count { get; init; }

    public required long Seed { get; init; }

    /// <summary>The model of human and agent: <c>rehearsal</c>, <c>recorded</c>, or <c>endpoints</c> for those of <see cref="Roles"/>.</summary>
    public string Model { get; init; } = "rehearsal";

    /// <summary>For the model <c>endpoints</c>: the endpoints that roles name.</summary>
    public ImmutableArray<EndpointSpec> Endpoints { get; init; } = [];

    /// <summary>For the model <c>endpoints</c>: who plays what.</summary>
    public RoleEndpoints? Roles { get; init; }

    /// <summary>The profile that a row must meet to be accepted: its checks alone decide the status. All checks run and are recorded under each.</summary>
    /// <value>Strict by default.</value>
    public Profile Accept { get; init; }

    /// <summary>
    /// Whether a dialogue that no way of going on can save is ended at once. It decides where a rejected row ends, never whether a row is rejected.
    /// </summary>
    /// <value>Null by default: as <see cref="StopsEarly"/> has it for the model.</value>
    public bool? EarlyStop { get; init; }

    /// <summary>Share of dialogues in which the rehearsal model plants a fault, 0 to 1.</summary>
    /// <value>0 by default.</value>
    public double FaultRate { get; init; }

    /// <summary>Share of the dialogues without a fault in which a call of the rehearsal model fails and the agent gets over it, 0 to 1.</summary>
    /// <value>0 by default.</value>
    public double ErrorRate { get; init; }

    /// <summary>A file of tasks by hand, which take turns; null: tasks are sampled.</summary>
    public string? Blueprints { get; init; }

    /// <summary>
    /// How often a dialogue that its simulated human spoiled is tried again, each time with a new seed for the human. The last attempt's row
    /// is the index's own; those before it are kept beside it with the status <c>retried</c>.
    /// </summary>
    /// <value>2 by default; 0 to 10.</value>
    public int FurtherAttempts { get; init; } = 2;

    /// <summary>
    /// Whether a fault of the human, the blueprint or the environment decides what happens next: another attempt, the family's quarantine, the
    /// domain's stop. Dialogues that were had elsewhere cannot be had again, and are all wanted.
    /// </summary>
    /// <value>True by default.</value>
    public bool ActsOnFaults { get; init; } = true;

    /// <summary>For recorded dialogues: the tasks and the record.</summary>
    public string? Tasks { get; init; }

    public string? Recorded { get; init; }

    /// <summary>Indexes a partition; a partition is a contiguous range with shards of its own.</summary>
    /// <value>2,000 by default; 1 to 1,000,000.</value>
    public int PartitionSize { get; init; } = 2000;

    /// <summary>The hashes of the packs and data that the run was begun with, by domain.</summary>
    public ImmutableArray<string> PackHashes { get; init; } = [];

    /// <summary>The hashes of the prompts that the run was begun with, each as <c>role hash</c>, of the roles that endpoints play.</summary>
    /// <value>Empty by default: models that play from a script are told nothing.</value>
    public ImmutableArray<string> PromptHashes { get; init; } = [];

    /// <summary>
    /// Whether doomed dialogues are ended: unless the spec says otherwise, where turns cost something and the checks that end a dialogue decide its status.
    /// </summary>
    [JsonIgnore]
    public bool StopsEarly => EarlyStop ?? (Model == OnEndpoints && MayStopEarly);

    /// <summary>Whether the checks that end a doomed dialogue decide under <see cref="Accept"/>.</summary>
    [JsonIgnore]
    public bool MayStopEarly => Accept is Profile.Strict or Profile.Exact;

    /// <summary>The endpoints whose reasoning rows show, by name.</summary>
    [JsonIgnore]
    public ImmutableArray<string> ShownReasoning =>
        Endpoints.IsEmpty ? [] : [.. Endpoints.Where(e => e.ReasoningInRows).Select(e => e.Name)];

    public int Partitions => (int)((Count + PartitionSize - 1) / PartitionSize);

    public string DomainOf(long index) => Domains[(int)(index % Domains.Length)];

    /// <summary>The first index of a partition, and the one behind its last.</summary>
    public (long First, long End) Range(int partition) =>
        ((long)partition * PartitionSize, Math.Min(Count, (partition + 1L) * PartitionSize));

    /// <summary>The first thing that is wrong with it, as a sentence that names the value; null where it is sound.</summary>
    public string? Problem()
    {
        if (RunId.Length is 0 or > 100 || RunId.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            return $"the run id \"{RunId}\" must be 1 to 100 letters, digits, '-', '_' or '.'";
        if (Domains.IsDefaultOrEmpty)
            return "no domain is given; name at least one with --domain";
        if (Domains.Distinct(StringComparer.Ordinal).Count() != Domains.Length)
            return $"a domain is named twice: {string.Join(", ", Domains)}";
        if (Count < 1)
            return $"the count is {Count}; it must be at least 1";
        if (FaultRate is < 0 or > 1 || double.IsNaN(FaultRate))
            return $"the fault rate is {FaultRate}; it must be from 0 to 1";
        if (ErrorRate is < 0 or > 1 || double.IsNaN(ErrorRate))
            return $"the error rate is {ErrorRate}; it must be from 0 to 1";
        if (ErrorRate > 0 && Model == OnEndpoints)
            return $"the error rate is {ErrorRate}, and only the rehearsal model makes errors to get over; leave it out";
        if (FurtherAttempts is < 0 or > 10)
            return $"the number of further attempts is {FurtherAttempts}; it must be from 0 to 10";
        if (!Enum.IsDefined(Accept))
            return $"the profile {Accept} is none of {string.Join(", ", Profiles.All.Select(Profiles.NameOf))}";
        if (PartitionSize is < 1 or > 1_000_000)
            return $"the partition size is {PartitionSize}; it must be from 1 to 1000000";
        if (Count / PartitionSize > 99_999)
            return $"{Count} dialogues at {PartitionSize} a partition are more than 100000 partitions; raise the partition size";
        if (Model != OnEndpoints)
            return null;
        if (FaultRate > 0 && !Endpoints.IsDefault && !Endpoints.Any(e => e.Rehearsal))
            return $"the fault rate is {FaultRate}, and none of the endpoints is the test endpoint (rehearsal: true): no other model plants faults; leave it out";
        return EndpointProblems.Of(Endpoints, Roles);
    }
}
