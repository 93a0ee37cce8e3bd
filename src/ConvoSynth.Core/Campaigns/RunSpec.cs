using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Core.Campaigns;

/// <summary>
/// The specification of a run: everything that decides a row's bytes, and nothing else. Cores, silos and concurrency have no influence on
/// rows.
/// </summary>
public sealed partial record RunSpec
{
    /// <summary>The <see cref="Model"/> of a run whose roles <see cref="Endpoints"/> play.</summary>
    public const string OnEndpoints = "endpoints";

    /// <summary>The run's name; part of every row's id.</summary>
    public required string RunId { get; init; }

    /// <summary>Domains in rotation: index <c>i</c> belongs to domain <c>i mod n</c>.</summary>
    public required ImmutableArray<string> Domains { get; init; }

    /// <summary>A folder with another database for the domain; null: the pack's own.</summary>
    public string? Data { get; init; }

    /// <summary>Number of planned dialogues, at least 1.</summary>
    public required long Count { get; init; }

    public required long Seed { get; init; }

    /// <summary>The model of human and agent: <c>rehearsal</c>, <c>recorded</c>, or <c>endpoints</c> (see <see cref="Roles"/>).</summary>
    public string Model { get; init; } = "rehearsal";

    /// <summary>For the model <c>endpoints</c>: the endpoints that <see cref="Roles"/> name.</summary>
    public ImmutableArray<EndpointSpec> Endpoints { get; init; } = [];

    /// <summary>For the model <c>endpoints</c>: the endpoint of each role.</summary>
    public RoleEndpoints? Roles { get; init; }

    /// <summary>
    /// The profile that a row must meet to be accepted: its checks alone decide the status. Every check runs and is recorded under any
    /// profile.
    /// </summary>
    /// <value>Strict by default.</value>
    public Profile Accept { get; init; }

    /// <summary>
    /// Early stop: whether a dialogue ends as soon as no continuation can be accepted. It decides where a rejected row ends, never
    /// whether a row is rejected.
    /// </summary>
    /// <value>Null by default: <see cref="StopsEarly"/> decides by the model.</value>
    public bool? EarlyStop { get; init; }

    /// <summary>Share of dialogues in which the rehearsal model plants a fault, 0 to 1.</summary>
    /// <value>0 by default.</value>
    public double FaultRate { get; init; }

    /// <summary>
    /// Share of the dialogues without a fault in which a call of the rehearsal model fails and the agent recovers, 0 to 1.
    /// </summary>
    /// <value>0 by default.</value>
    public double ErrorRate { get; init; }

    /// <summary>Share of sampled tasks that join two to four intents over one person's rows, 0 to 1.</summary>
    /// <value>0 by default: each task has one intent.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Combined { get; init; }

    /// <summary>Share of sampled tasks that are two finished tasks of one person, 0 to 1.</summary>
    /// <value>0 by default.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Recombine { get; init; }

    /// <summary>The shares of the slices in sampled tasks, in the form of <see cref="SliceShares"/>.</summary>
    /// <value>Null by default: tasks are <c>base</c> or, where the goal is a refusal, <c>out-of-policy</c>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Slices { get; init; }

    /// <summary>
    /// How many dialogues play each task, one after another, each with seeds of its own: their pass rate says how difficult the task is.
    /// </summary>
    /// <value>0 by default: with 0 or 1, each dialogue has a task of its own.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Rounds { get; init; }

    /// <summary>The band of pass rates that the next run's shares keep, in the form of <see cref="KeepBand"/>.</summary>
    /// <value>Null by default: <see cref="KeepBand.Usual"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Keep { get; init; }

    /// <summary>How many databases the run has for each pack, each with a seed of its own; each partition is about one.</summary>
    /// <value>0 by default: with 0 or 1, the pack's own database.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Worlds { get; init; }

    /// <summary>Files of benchmarks' tasks, none of which may be sampled.</summary>
    /// <value>Null by default: any task may be.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? ExcludeTasks { get; init; }

    /// <summary>A dialogue with more needless reads than this is rejected.</summary>
    /// <value>Null by default: needless reads are noted and reject nothing.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxNeedless { get; init; }

    /// <summary>Tasks that a model proposes; null: none is.</summary>
    [JsonIgnore]
    public ProposalSpec? Proposals => Roles?.Proposals;

    /// <summary>
    /// Whether the agent writes a thought before each call. Thoughts appear in rows as <c>reasoning_content</c>, apart from what is said.
    /// </summary>
    /// <value>False by default.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Thoughts { get; init; }

    /// <summary>A file of handwritten tasks, played in rotation; null: tasks are sampled.</summary>
    public string? Blueprints { get; init; }

    /// <summary>
    /// Maximum further attempts at a dialogue in which the simulated human broke its role, each with a new seed for the human. The last
    /// attempt's row counts for the index; earlier ones are kept with the status <c>retried</c>.
    /// </summary>
    /// <value>2 by default; 0 to 10.</value>
    public int FurtherAttempts { get; init; } = 2;

    /// <summary>
    /// Whether a fault of the human, the blueprint or the environment has consequences: another attempt, the family's quarantine, the
    /// domain's stop. False for recorded dialogues: they cannot be repeated, and every one is wanted.
    /// </summary>
    /// <value>True by default.</value>
    public bool ActsOnFaults { get; init; } = true;

    /// <summary>For recorded dialogues: the file of tasks; <see cref="Recorded"/> is the record.</summary>
    public string? Tasks { get; init; }

    public string? Recorded { get; init; }

    /// <summary>Indexes per partition; a partition is a contiguous range with its own shards.</summary>
    /// <value>2,000 by default; 1 to 1,000,000.</value>
    public int PartitionSize { get; init; } = 2000;

    /// <summary>Hashes of the packs and data at the start of the run, by domain.</summary>
    public ImmutableArray<string> PackHashes { get; init; } = [];

    /// <summary>Hashes of the prompts at the start of the run, each as <c>role hash</c>, for the roles that endpoints play.</summary>
    /// <value>Empty by default: scripted models receive no prompt.</value>
    public ImmutableArray<string> PromptHashes { get; init; } = [];

    /// <summary>
    /// Whether early stop is on. Without a value in the spec, it is on if model turns cost something and the checks that stop a dialogue
    /// decide its status.
    /// </summary>
    [JsonIgnore]
    public bool StopsEarly => EarlyStop ?? (Model == OnEndpoints && MayStopEarly);

    /// <summary>Whether the checks that cause an early stop decide under <see cref="Accept"/>.</summary>
    [JsonIgnore]
    public bool MayStopEarly => Accept is Profile.Strict or Profile.Exact;

    /// <summary>Names of the endpoints whose reasoning appears in rows.</summary>
    [JsonIgnore]
    public ImmutableArray<string> ShownReasoning =>
        Endpoints.IsEmpty
            ? Thoughts
                ? [Model]
                : []
            : [.. Endpoints.Where(e => e.ReasoningInRows || (Thoughts && e.Name == Roles?.Agent)).Select(e => e.Name)];

    /// <summary>Whether rows show the agent's thoughts, which the checks then judge.</summary>
    [JsonIgnore]
    public bool ShowsThoughts => ShownReasoning.Contains(Roles?.Agent ?? Model, StringComparer.Ordinal);

    public int Partitions => (int)((Count + PartitionSize - 1) / PartitionSize);

    public string DomainOf(long index) => Domains[(int)(TaskOf(index) % Domains.Length)];

    /// <summary>The number of an index's task in the run; all rounds of one task have one number.</summary>
    public long TaskOf(long index) => index / Math.Max(Rounds, 1);

    /// <summary>The first index of a task by its number in the run.</summary>
    public long FirstOf(long task) => task * Math.Max(Rounds, 1);

    /// <summary>The number of an index's task in its domain.</summary>
    public long TaskInDomain(long index) => TaskOf(index) / Domains.Length;

    /// <summary>The first index of a partition and its exclusive end.</summary>
    public (long First, long End) Range(int partition) =>
        ((long)partition * PartitionSize, Math.Min(Count, (partition + 1L) * PartitionSize));

    /// <summary>Whether tasks are about databases of their own seeds instead of the pack's own.</summary>
    [JsonIgnore]
    public bool HasWorlds => Worlds > 1;

    /// <summary>
    /// The number of an index's world: a function of the spec alone. Neighbouring partitions share a world, so that few are in memory
    /// at once; with fewer partitions than worlds, each has its own.
    /// </summary>
    public int WorldOf(long index)
    {
        // All rounds of a task are about one world, where a partition begins between them too.
        var partition = FirstOf(TaskOf(index)) / PartitionSize;
        return (int)(Partitions < Worlds ? partition : partition * Worlds / Partitions);
    }
}
