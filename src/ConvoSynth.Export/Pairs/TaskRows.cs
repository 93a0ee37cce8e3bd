using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Pairs;

/// <summary>
/// The accepted and the rejected rows of several runs, task by task. Each set of a run is in the order of indexes, so a merge finds all
/// rows of an index while it holds one row of each set.
/// </summary>
internal static class TaskRows
{
    /// <summary>Rows of one index whose blueprints are equal, and of which at least one was accepted and one rejected.</summary>
    /// <exception cref="ExportException">The rows of a run are not in order.</exception>
    public static IEnumerable<(IReadOnlyList<ShardRow> Accepted, IReadOnlyList<ShardRow> Rejected)> Of(IReadOnlyList<RunReader> runs)
    {
        var streams = runs.SelectMany(run =>
                new[] { ShardSet.Accepted, ShardSet.Rejected }.Select(set => run.Rows(set, Columns).GetEnumerator())
            )
            .ToList();
        try
        {
            streams.RemoveAll(stream => !Next(stream, long.MinValue));
            while (streams.Count > 0)
            {
                var index = streams.Min(stream => stream.Current.Index);
                var rows = new List<ShardRow>();
                foreach (var stream in streams.Where(stream => stream.Current.Index == index).ToArray())
                {
                    var more = true;
                    while (more && stream.Current.Index == index)
                    {
                        rows.Add(stream.Current);
                        more = Next(stream, index);
                    }

                    if (!more)
                        streams.Remove(stream);
                }

                foreach (var task in ByTask(rows))
                    yield return task;
            }
        }
        finally
        {
            foreach (var stream in streams)
                stream.Dispose();
        }
    }

    private static readonly string[] Columns =
    [
        "id",
        "run_id",
        "domain",
        "index",
        "attempt",
        "status",
        "family_id",
        "intent",
        "slice",
        "messages",
        "message_meta",
        "tools",
        "tools_timeline",
        "blueprint",
        "verdicts",
        "passes",
        "pack_hash",
        "world",
    ];

    private static bool Next(IEnumerator<ShardRow> rows, long last)
    {
        if (!rows.MoveNext())
        {
            rows.Dispose();
            return false;
        }

        return rows.Current.Index >= last
            ? true
            : throw new ExportException($"the row {rows.Current.Id} follows one of index {last}: the run's rows are not in order");
    }

    private static IEnumerable<(IReadOnlyList<ShardRow>, IReadOnlyList<ShardRow>)> ByTask(List<ShardRow> rows)
    {
        while (rows.Count > 1)
        {
            var task = rows.FindAll(row => row.Blueprint.Span.SequenceEqual(rows[0].Blueprint.Span));
            rows.RemoveAll(task.Contains);
            var accepted = task.FindAll(row => row.Status == RowStatus.Accepted);
            var rejected = task.FindAll(row => row.Status == RowStatus.Rejected);
            if (accepted.Count > 0 && rejected.Count > 0 && !task[0].Blueprint.IsEmpty)
                yield return (accepted, rejected);
        }
    }
}
