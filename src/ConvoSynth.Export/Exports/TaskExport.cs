using System.Security.Cryptography;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Export.Files;
using ConvoSynth.Export.Tasks;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Exports;

/// <summary>
/// Exports tasks for reinforcement learning. The rows are read twice: first to count how the dialogues of each task ended, in whatever
/// run; then to write each task once. Only the counts are held.
/// </summary>
internal static class TaskExport
{
    private const string Faulty = "tasks that a check found wrong";
    private const string NoDialogue = "rows without a dialogue";

    private static readonly string[] Columns =
    [
        "id",
        "run_id",
        "domain",
        "index",
        "status",
        "family_id",
        "intent",
        "slice",
        "messages",
        "tools",
        "blueprint",
        "accepted_end_states",
        "verdicts",
        "pack_hash",
        "world",
    ];

    private static readonly string[] Counted = ["index", "status", "blueprint", "verdicts"];

    public static ExportReport Write(ExportRequest request, TaskFormat format, OutputFolder output, CancellationToken cancellationToken)
    {
        if (request.EachTurn || request.Lossy || request.Filter.Profile is not null || request.Filter.Undecided)
            throw new ExportException(
                $"--each-turn, --lossy, --profile and --undecided are for dialogues, and {format.Name} is of tasks; leave them out"
            );
        if (request.Selection != new Selection.RowSelection() || request.Limit is not null)
            throw new ExportException(
                "--near-duplicates, --most-per-intent, --shuffle and --max-tokens are for dialogues, "
                    + $"and {format.Name} is of tasks; leave them out"
            );
        if (request.PersonalData != Privacy.PersonalDataRule.None || request.Renaming is not null)
            throw new ExportException(
                $"--personal-data and --rename-tools are for dialogues, and {format.Name} is of tasks; leave them out"
            );
        var readers = request.Runs.Select(run => new RunReader(run)).ToArray();
        var counts = new Dictionary<UInt128, TaskCounts>();
        foreach (var row in Rows(readers, Counted, cancellationToken))
            counts[KeyOf(row)] = counts.GetValueOrDefault(KeyOf(row)).With(row);

        var leftOut = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var written = new HashSet<UInt128>();
        var rows = 0L;
        using var files = new SplitFiles<ExportedTask>(split => format.Begin(output, split));
        foreach (var row in Rows(readers, Columns, cancellationToken).Where(request.Filter.TakesTask))
        {
            rows++;
            var key = KeyOf(row);
            if (written.Contains(key))
                continue;
            var reason =
                TaskVerdicts.IsFaulty(row) ? Faulty
                : TaskVerdicts.OpeningOf(row) is null ? NoDialogue
                : null;
            if (reason is not null)
            {
                leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
                continue;
            }

            written.Add(key);
            var split = request.Splits.Of(row);
            files.Write(split, new(row, split, counts[key]));
        }

        if (written.Count == 0)
            throw new ExportException(
                rows == 0 ? "no row passes the filter, so there is nothing to export" : $"none of {rows} rows is of a task"
            );
        Exporter.WriteCompanions(format, output, files.Splits, eachTurn: false);
        return new()
        {
            Format = format.Name,
            Writer = Exporter.Writer,
            Runs = [.. readers.Zip(request.Runs, (reader, run) => new ExportedRun(run.Name, reader.Shards().Sum(shard => shard.Rows)))],
            EachTurn = false,
            Rows = rows,
            Records = files.Records,
            LearnedMessages = 0,
            LearnedCharacters = 0,
            LeftOut = leftOut,
            Dropped = new Dictionary<string, long>(StringComparer.Ordinal),
            Files = files.Finish(),
        };
    }

    // A failed index has no task.
    private static IEnumerable<ShardRow> Rows(RunReader[] readers, string[] columns, CancellationToken cancellationToken)
    {
        foreach (var row in readers.SelectMany(reader => reader.Rows(columns: columns)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row.Status != RowStatus.Failed && !row.Blueprint.IsEmpty)
                yield return row;
        }
    }

    // Two runs of one seed have the same task in the same bytes.
    private static UInt128 KeyOf(ShardRow row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(row.Blueprint.Span, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
