using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ConvoSynth.Shards.Rows;

/// <summary>How a planned index ended, as a row says it; or, of an attempt that another one followed, that it is not the index's own row.</summary>
public static class RowStatus
{
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";
    public const string Failed = "failed";

    /// <summary>Spoiled by the simulated human, and tried again: kept among the rejected rows, and not counted against the plan.</summary>
    public const string Retried = "retried";
}

/// <summary>
/// One trajectory as one row. JSON cells are UTF-8 documents, taken as they are; an empty JSON cell and a null text are null in the file. Lists
/// are never null. A row that was read with only some columns has the defaults in the others.
/// </summary>
public sealed record ShardRow
{
    private const int MaxJsonDepth = 512;

    /// <summary>The most bytes that a row may have in all its cells: a dialogue has some 20 KB, so this is none, and it stays below what the file format is told.</summary>
    public const long MaxBytes = 64 << 20;

    public string Id { get; init; } = "";

    public int SchemaVersion { get; init; } = ShardSchema.Version;

    public string RunId { get; init; } = "";

    public string Domain { get; init; } = "";

    /// <summary>The blueprint's index in the run, from 0.</summary>
    public long Index { get; init; }

    /// <summary>From 0; a dialogue that the simulated human spoiled is tried again with the next attempt.</summary>
    public int Attempt { get; init; }

    public string? FamilyId { get; init; }

    public string? Intent { get; init; }

    public string? Slice { get; init; }

    public string? Shape { get; init; }

    public string? Tier { get; init; }

    /// <summary>One of <see cref="RowStatus"/>: only <c>accepted</c> goes into the accepted shards.</summary>
    public string Status { get; init; } = "";

    /// <summary>The instruction that the simulated human acted on.</summary>
    public string? Instruction { get; init; }

    /// <summary>One OpenAI chat message per element, arguments as objects.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Messages { get; init; } = [];

    /// <summary>As many elements as <see cref="Messages"/>: what is known of each message and must not reach a chat template.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> MessageMeta { get; init; } = [];

    /// <summary>A JSON list of the tools on offer; empty (null in the file) where there were none, since templates take an empty list for tools.</summary>
    public ReadOnlyMemory<byte> Tools { get; init; }

    public ReadOnlyMemory<byte> Blueprint { get; init; }

    public ReadOnlyMemory<byte> AcceptedEndStates { get; init; }

    public ReadOnlyMemory<byte> StateDiff { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Verdicts { get; init; } = [];

    public IReadOnlyList<string> RejectReasons { get; init; } = [];

    public ReadOnlyMemory<byte> Usage { get; init; }

    public ReadOnlyMemory<byte> Models { get; init; }

    /// <summary>The dialogue's seed in decimal: text, because it uses all 64 bits without a sign.</summary>
    public string? Seed { get; init; }

    public string? PackHash { get; init; }

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
    /// Whether every JSON cell was written by a JSON writer that checks its own structure, so that <see cref="Problem"/> need not parse what was
    /// just written.
    /// </summary>
    /// <value>False by default: cells of unknown origin are parsed.</value>
    public bool CellsAreWritten { get; init; }

    /// <summary>The first reason why this row cannot be written, as a sentence that names the column; null if there is none.</summary>
    public string? Problem()
    {
        if (Id.Length == 0)
            return $"the row of index {Index} has no id.";
        if (Status is not (RowStatus.Accepted or RowStatus.Rejected or RowStatus.Failed or RowStatus.Retried))
            return $"row '{Id}': status '{Status}' is not one of accepted, rejected, failed and retried.";
        if (MessageMeta.Count != Messages.Count)
            return $"row '{Id}': message_meta has {MessageMeta.Count} elements for {Messages.Count} messages.";
        if (TooLarge() is { } problem)
            return problem;
        foreach (var (column, text) in Texts())
            if (text is not null && !IsWhole(text))
                return $"row '{Id}': column '{column}' has half of a surrogate pair, which UTF-8 cannot hold.";
        if (CellsAreWritten)
            return null;
        foreach (var (column, cell) in Cells())
            if (!cell.IsEmpty && !IsDocument(cell.Span))
                return $"row '{Id}': column '{column}' is not a JSON document in UTF-8.";
        foreach (var (column, cells) in Lists())
            for (var i = 0; i < cells.Count; i++)
                if (!IsDocument(cells[i].Span))
                    return $"row '{Id}': element {i} of column '{column}' is not a JSON document in UTF-8.";
        return null;
    }

    private string? TooLarge()
    {
        var (sum, largest, column) = (0L, 0L, "");
        void Count(string name, long bytes)
        {
            sum += bytes + 4;
            if (bytes > largest)
                (largest, column) = (bytes, name);
        }

        foreach (var (name, text) in Texts())
            if (text is not null)
                Count(name, text.Length > MaxBytes ? text.Length : Encoding.UTF8.GetByteCount(text));
        foreach (var (name, cell) in Cells())
            Count(name, cell.Length);
        foreach (var (name, cells) in Lists())
            for (var i = 0; i < cells.Count; i++)
                Count(name, cells[i].Length);
        return sum <= MaxBytes ? null : $"row '{Id}' has {sum} bytes, {largest} of them in one value of column '{column}': {MaxBytes} is the most that a row may have.";
    }

    private IEnumerable<(string Column, string? Text)> Texts()
    {
        yield return ("id", Id);
        yield return ("run_id", RunId);
        yield return ("domain", Domain);
        yield return ("family_id", FamilyId);
        yield return ("intent", Intent);
        yield return ("slice", Slice);
        yield return ("shape", Shape);
        yield return ("tier", Tier);
        yield return ("instruction", Instruction);
        yield return ("seed", Seed);
        yield return ("pack_hash", PackHash);
        yield return ("checks_version", ChecksVersion);
        yield return ("label_source", LabelSource);
        yield return ("planted_fault", PlantedFault);
        foreach (var reason in RejectReasons)
            yield return ("reject_reasons", reason);
        foreach (var benchmark in BenchmarkAdjacent)
            yield return ("benchmark_adjacent", benchmark);
    }

    private IEnumerable<(string Column, ReadOnlyMemory<byte> Cell)> Cells()
    {
        yield return ("tools", Tools);
        yield return ("blueprint", Blueprint);
        yield return ("accepted_end_states", AcceptedEndStates);
        yield return ("state_diff", StateDiff);
        yield return ("usage", Usage);
        yield return ("models", Models);
        yield return ("prompt_hashes", PromptHashes);
    }

    private IEnumerable<(string Column, IReadOnlyList<ReadOnlyMemory<byte>> Cells)> Lists()
    {
        yield return ("messages", Messages);
        yield return ("message_meta", MessageMeta);
        yield return ("verdicts", Verdicts);
    }

    // One cell that is not JSON makes DuckDB refuse the whole file, so none gets in.
    private static bool IsDocument(ReadOnlySpan<byte> cell)
    {
        if (!Utf8.IsValid(cell))
            return false;
        var reader = new Utf8JsonReader(cell, new JsonReaderOptions { MaxDepth = MaxJsonDepth });
        try
        {
            while (reader.Read())
            {
            }

            return reader.TokenType != JsonTokenType.None && reader.BytesConsumed == cell.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsWhole(string text)
    {
        for (var rest = text.AsSpan(); ;)
        {
            var at = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0)
                return true;
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return false;
            rest = rest[(at + 2)..];
        }
    }
}
