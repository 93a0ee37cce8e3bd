using ConvoSynth.Core.Campaigns;
using ConvoSynth.Export.Filters;
using ConvoSynth.Runs.Folders;

namespace ConvoSynth.Serve.Tasks;

/// <summary>Who plays the human.</summary>
public enum HumanKind
{
    /// <summary>The built-in scripted model: offline, the same words in each episode of a task.</summary>
    Rehearsal,

    /// <summary>A language model behind an endpoint.</summary>
    Endpoint,

    /// <summary>The human's words of a recorded dialogue, in their order.</summary>
    Recorded,
}

/// <summary>How the agent talks to the human.</summary>
public enum HumanTurn
{
    /// <summary>By a tool: trainers whose episodes end at the first message without a call need it.</summary>
    Tool,

    /// <summary>By messages without a call.</summary>
    Message,
}

/// <summary>Where the tasks of an environment come from, and who plays the human in them.</summary>
public sealed record EnvironmentOptions
{
    /// <summary>A run whose rows' tasks are served; else <see cref="Pack"/>.</summary>
    public RunPlace? Run { get; init; }

    /// <summary>The name of a pack to sample tasks from.</summary>
    public string? Pack { get; init; }

    /// <summary>The folder of packs.</summary>
    /// <value>Null by default: <c>blueprints</c> in the working folder, then the one beside the program.</value>
    public string? Packs { get; init; }

    /// <summary>A folder with another database for the pack.</summary>
    public string? Data { get; init; }

    /// <summary>A file of tasks, with <see cref="Recorded"/>: the pack's own sampler is not asked.</summary>
    public string? TaskFile { get; init; }

    /// <summary>A file of dialogues recorded on <see cref="TaskFile"/>; each is a task.</summary>
    public string? Recorded { get; init; }

    /// <value>The seed of sampled tasks. Default 1.</value>
    public long Seed { get; init; } = 1;

    /// <value>At most so many tasks. Default null: 1,000 of a pack, all of a run or a record.</value>
    public int? Count { get; init; }

    /// <value>The share of sampled tasks that join several intents, 0 to 1. Default 0.</value>
    public double Combined { get; init; }

    /// <summary>For a pack: the shares of slices among the tasks.</summary>
    /// <value>Null by default: base tasks and refusals.</value>
    public string? Slices { get; init; }

    /// <value>Default null: <see cref="HumanKind.Recorded"/> for recorded dialogues, else <see cref="HumanKind.Rehearsal"/>.</value>
    public HumanKind? Human { get; init; }

    /// <value>Default <see cref="Tasks.HumanTurn.Tool"/>.</value>
    public HumanTurn HumanTurn { get; init; }

    /// <summary>A run spec whose role <c>human</c> plays, for <see cref="HumanKind.Endpoint"/>.</summary>
    /// <value>Null by default: the endpoints of the run.</value>
    public RunSpec? Endpoints { get; init; }

    public SplitShares Splits { get; init; } = new();

    /// <value>Whether shards are compared with their hashes before they are read. Default true.</value>
    public bool ChecksShards { get; init; } = true;
}
