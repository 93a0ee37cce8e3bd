using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Runs.Rows;

/// <summary>
/// One trajectory as one row. JSON cells are UTF-8 documents, stored as given. An empty JSON cell and a null text are null in the
/// file; lists are never null. A row that was read with only some columns has defaults in the others.
/// </summary>
public sealed record ShardRow
{
    /// <summary>
    /// The maximum size of a row over all its cells, in bytes. A dialogue has about 20 KB, so no real row reaches it.
    /// </summary>
    public const long MaxBytes = 64 << 20;

    public string Id { get; init; } = "";

    public int SchemaVersion { get; init; } = ShardSchema.Version;

    public string RunId { get; init; } = "";

    public string Domain { get; init; } = "";

    /// <summary>The blueprint's index in the run, from 0.</summary>
    public long Index { get; init; }

    /// <summary>From 0. A dialogue in which the simulated human broke its role is retried as the next attempt.</summary>
    public int Attempt { get; init; }

    public string? FamilyId { get; init; }

    public string? Intent { get; init; }

    public string? Slice { get; init; }

    public string? Shape { get; init; }

    public string? Tier { get; init; }

    /// <summary>
    /// One of <see cref="RowStatus"/>. <c>accepted</c> and <c>undecided</c> rows have shards of their own; the others share the
    /// rejected shards.
    /// </summary>
    public string Status { get; init; } = "";

    /// <summary>The profile whose checks decided <see cref="Status"/>; null in rows of versions without profiles.</summary>
    public string? Accept { get; init; }

    /// <summary>The instruction that the simulated human acted on.</summary>
    public string? Instruction { get; init; }

    /// <summary>One OpenAI chat message per element, arguments as objects.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Messages { get; init; } = [];

    /// <summary>
    /// One element per element of <see cref="Messages"/>: data about the message that must not reach a chat template.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> MessageMeta { get; init; } = [];

    /// <summary>
    /// A JSON list of the tools on offer; empty (null in the file) if there were none, because chat templates treat an empty list as
    /// tools.
    /// </summary>
    public ReadOnlyMemory<byte> Tools { get; init; }

    /// <summary>The offered tools from message to message, where they change. Nothing writes it yet.</summary>
    public ReadOnlyMemory<byte> ToolsTimeline { get; init; }

    public ReadOnlyMemory<byte> Blueprint { get; init; }

    public ReadOnlyMemory<byte> AcceptedEndStates { get; init; }

    public ReadOnlyMemory<byte> StateDiff { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Verdicts { get; init; } = [];

    /// <summary>The reasons of rejected, failed and retried rows.</summary>
    public IReadOnlyList<string> RejectReasons { get; init; } = [];

    /// <summary>For undecided rows, the checks that were unsure.</summary>
    public IReadOnlyList<string> UndecidedReasons { get; init; } = [];

    /// <summary>The profiles that the row meets.</summary>
    public IReadOnlyList<string> Passes { get; init; } = [];

    /// <summary>How many of several dialogues about the row's task were accepted. Nothing writes it yet.</summary>
    public ReadOnlyMemory<byte> PassRate { get; init; }

    public ReadOnlyMemory<byte> Usage { get; init; }

    public ReadOnlyMemory<byte> Models { get; init; }

    /// <summary>The dialogue's seed in decimal; text, because it uses all 64 bits unsigned.</summary>
    public string? Seed { get; init; }

    public string? PackHash { get; init; }

    /// <summary>The database of the row's task, in a run of many.</summary>
    public ReadOnlyMemory<byte> World { get; init; }

    public string? ChecksVersion { get; init; }

    public ReadOnlyMemory<byte> PromptHashes { get; init; }

    /// <summary>Benchmarks that this row's domain is modelled on, such as <c>tau-bench</c>.</summary>
    public IReadOnlyList<string> BenchmarkAdjacent { get; init; } = [];

    public string? LabelSource { get; init; }

    /// <summary>The kind of fault that was planted and changed the dialogue's effect. Only the sink sets it.</summary>
    public string? PlantedFault { get; init; }

    public int MessageCount { get; init; }

    public int ToolCallCount { get; init; }

    /// <summary>
    /// Whether a JSON writer that validates its own structure wrote every JSON cell, so that <see cref="Problem"/> need not parse them
    /// again.
    /// </summary>
    /// <value>False by default: cells of unknown origin are parsed.</value>
    public bool CellsAreWritten { get; init; }

    /// <summary>The first reason why this row cannot be written, as a sentence that names the column; null if there is none.</summary>
    public string? Problem()
    {
        if (Id.Length == 0)
            return $"the row of index {Index} has no id.";
        if (Status is not (RowStatus.Accepted or RowStatus.Undecided or RowStatus.Rejected or RowStatus.Failed or RowStatus.Retried))
            return $"row '{Id}': status '{Status}' is not one of accepted, undecided, rejected, failed and retried.";
        if (MessageMeta.Count != Messages.Count)
            return $"row '{Id}': message_meta has {MessageMeta.Count} elements for {Messages.Count} messages.";
        if (TooLarge() is { } tooLarge)
            return tooLarge;
        foreach (var column in ShardSchema.Table)
            if (column.Problem(this, parse: !CellsAreWritten) is { } problem)
                return $"row '{Id}': {problem}.";
        return null;
    }

    private string? TooLarge()
    {
        var (sum, largest, name) = (0L, 0L, "");
        foreach (var column in ShardSchema.Table)
        {
            var (bytes, most) = column.Bytes(this);
            sum += bytes;
            if (most > largest)
                (largest, name) = (most, column.Name);
        }

        return sum <= MaxBytes
            ? null
            : $"row '{Id}' has {sum} bytes, {largest} of them in one value of column '{name}': "
                + $"{MaxBytes} is the most that a row may have.";
    }
}
