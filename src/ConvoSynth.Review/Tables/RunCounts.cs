using DuckDB.NET.Data;

namespace ConvoSynth.Review.Tables;

/// <summary>The figures of a run: how many rows have what.</summary>
public sealed class RunCounts(RunTables tables)
{
    private const string OwnStatus = "r.status <> 'retried'";

    /// <summary>Counts by a column of rows, the most frequent first.</summary>
    /// <param name="column">One of <c>domain</c>, <c>intent</c>, <c>slice</c> and <c>shape</c>.</param>
    public IReadOnlyList<StatusCounts> By(string column)
    {
        if (column is not ("domain" or "intent" or "slice" or "shape"))
            throw new ArgumentOutOfRangeException(nameof(column), column, "not a column to count by");
        return tables.Query(
            $"""
            SELECT coalesce(r.{column}, '(none)'), {CountOf("accepted")}, {CountOf("undecided")}, {CountOf("rejected")}, {CountOf("failed")}
            FROM row_lines r WHERE {OwnStatus} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 40
            """,
            null,
            reader => new StatusCounts(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4))
        );
    }

    public IReadOnlyList<Counted> Statuses() =>
        Counts(
            """
            SELECT status, count(*) FROM row_lines GROUP BY 1
            ORDER BY list_position(['accepted', 'undecided', 'rejected', 'failed', 'retried'], status)
            """
        );

    /// <summary>How many rows have a verdict of a check with this outcome.</summary>
    public IReadOnlyList<Counted> Checks(string outcome)
    {
        var filter = new RowFilterSql(new(), []);
        return tables.Query(
            $"""
            SELECT name, count(DISTINCT id) FROM facts WHERE kind = 'verdict' AND outcome = {filter.Value(outcome)}
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 40
            """,
            filter,
            Count
        );
    }

    public IReadOnlyList<Counted> Tools() =>
        Counts("SELECT name, count(*) FROM facts WHERE kind = 'tool' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 60");

    public IReadOnlyList<Counted> Faults() =>
        Counts("SELECT fault, count(DISTINCT id) FROM facts WHERE kind = 'verdict' AND outcome = 'fail' GROUP BY 1 ORDER BY 2 DESC, 1");

    public IReadOnlyList<Counted> PlantedFaults() =>
        Counts("SELECT planted_fault, count(*) FROM row_lines WHERE planted_fault IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 60");

    /// <summary>Each judge, and on how many questions its vote was not that of all others.</summary>
    public IReadOnlyList<Counted> Judges() =>
        Counts("SELECT name, count(DISTINCT id) FROM facts WHERE kind = 'vote' GROUP BY 1 ORDER BY 1");

    /// <summary>How many rows have so many messages, in steps of two.</summary>
    public IReadOnlyList<Counted> Lengths() =>
        Counts(
            $"""
            SELECT CAST(2 * (n_messages // 2) AS VARCHAR), count(*) FROM row_lines r WHERE {OwnStatus}
            GROUP BY n_messages // 2 ORDER BY n_messages // 2 LIMIT 60
            """
        );

    /// <summary>Dollars of all rows; null if no row has a cost.</summary>
    public double? Cost() =>
        tables.Query("SELECT sum(cost) FROM row_lines", null, reader => reader.IsDBNull(0) ? (double?)null : reader.GetDouble(0))[0];

    private static string CountOf(string status) => $"count(*) FILTER (r.status = '{status}')";

    private List<Counted> Counts(string sql)
    {
        tables.Refresh();
        return tables.Query(sql, null, Count);
    }

    private static Counted Count(DuckDBDataReader reader) => new(reader.IsDBNull(0) ? "(none)" : reader.GetString(0), reader.GetInt64(1));
}
