using ConvoSynth.Runs.Folders;
using DuckDB.NET.Data;

namespace ConvoSynth.Review.Tables;

/// <summary>
/// What a list of rows needs, taken from each shard once: one narrow line a row, and one line a fact of it (a verdict that did not pass, a
/// vote, a tool that was called). The files are named by the shard's SHA-256, so a shard that is replaced gets others. They may be deleted
/// at any time.
/// </summary>
internal sealed class DerivedFiles(RunFolder run)
{
    // Raised when the columns below change: files of an earlier version are made again.
    private const int Version = 2;

    // Evidence of one shape differs in quotations and numbers alone.
    private const string Shape =
        """regexp_replace(regexp_replace(coalesce(v->>'$.evidence', ''), '"[^"]*"', '""', 'g'), '[0-9]+([.,:/-][0-9]+)*', '0', 'g')""";

    private static int _made;

    private readonly string _folder = Path.Combine(run.Path, "review", $"derived-{Version}");

    public string RowsOf(CommittedShard shard) => Path.Combine(_folder, $"{shard.Sha256}.rows.parquet");

    public string FactsOf(CommittedShard shard) => Path.Combine(_folder, $"{shard.Sha256}.facts.parquet");

    /// <summary>Makes the files of a shard, unless they are there.</summary>
    /// <exception cref="ReviewException">The shard cannot be read, or its files cannot be written.</exception>
    public void Make(DuckDBConnection duck, CommittedShard shard)
    {
        if (File.Exists(FactsOf(shard)))
            return;
        Directory.CreateDirectory(_folder);
        var path = run.Resolve(shard.File);
        try
        {
            Copy(duck, RowsSql(path, shard.File), RowsOf(shard));
            // Last: its presence says that both are whole.
            Copy(duck, FactsSql(path), FactsOf(shard));
        }
        catch (DuckDBException e)
        {
            throw new ReviewException($"{path} cannot be read for review: {FirstLine(e.Message)}");
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('.');

    private static void Copy(DuckDBConnection duck, string select, string target)
    {
        // Another server of this run may make the same file; each renames its own.
        var partial = $"{target}.{Environment.ProcessId}-{Interlocked.Increment(ref _made)}.partial";
        using (var command = duck.CreateCommand())
        {
            command.CommandText = $"COPY ({select}) TO {Sql.Text(partial)} (FORMAT parquet, COMPRESSION zstd)";
            command.ExecuteNonQuery();
        }

        File.Move(partial, target, overwrite: true);
    }

    // The shard is named as its commit names it: the run folder may be moved.
    private static string RowsSql(string shard, string name) =>
        $"""
            SELECT id, "index", attempt, domain, family_id, intent, slice, shape, status, reject_reasons, undecided_reasons, planted_fault,
              n_messages, n_tool_calls, instruction,
              CAST(usage->>'$.cost' AS DOUBLE) AS cost,
              CAST(usage->>'$.output_tokens' AS BIGINT) AS output_tokens,
              {Sql.Text(name)} AS shard
            FROM read_parquet({Sql.Text(shard)})
            """;

    private static string FactsSql(string shard) =>
        $"""
            WITH verdict AS (SELECT id, unnest(verdicts) AS v FROM read_parquet({Sql.Text(shard)})),
            message AS (SELECT id, unnest(messages) AS m FROM read_parquet({Sql.Text(shard)})),
            call AS (SELECT id, unnest(CAST(m->'$.tool_calls' AS JSON[])) AS c FROM message WHERE (m->'$.tool_calls') IS NOT NULL),
            vote AS (SELECT id, v, unnest(CAST(v->'$.votes' AS JSON[])) AS w FROM verdict WHERE (v->'$.votes') IS NOT NULL)
            SELECT id, 'verdict' AS kind, (v->>'$.stage') || '.' || (v->>'$.check') AS name, v->>'$.outcome' AS outcome,
              v->>'$.fault' AS fault, v->>'$.kind' AS check_kind, CAST(v->>'$.message' AS INTEGER) AS message, v->>'$.evidence' AS evidence,
              substr(md5({Shape}), 1, 12) AS shape
            FROM verdict WHERE (v->>'$.outcome') IN ('fail', 'unsure')
            UNION ALL
            SELECT DISTINCT id, 'tool', c->>'$.function.name', NULL, NULL, NULL, NULL, NULL, NULL FROM call
            UNION ALL
            SELECT id, 'vote', w->>'$.judge', w->>'$.answer', NULL, (v->>'$.stage') || '.' || (v->>'$.check'), NULL,
              w->>'$.evidence', NULL
            FROM vote
            """;
}
