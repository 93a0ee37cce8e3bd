namespace ConvoSynth.Review.Tables;

/// <summary>Rows that a check failed, or was unsure of, for reasons that differ in quotations and numbers alone.</summary>
/// <param name="Shape">The first digits of a hash of the evidence without them.</param>
/// <param name="Evidence">The evidence of one of the rows.</param>
public sealed record RowKind(string Check, string Outcome, string Shape, string Evidence, long Rows);

/// <summary>The kinds of a run's rows.</summary>
public sealed class RunKinds(RunTables tables)
{
    private const int Most = 200;

    /// <summary>The largest kinds first.</summary>
    public IReadOnlyList<RowKind> All()
    {
        tables.Refresh();
        return tables.Query(
            $"""
            SELECT name, outcome, shape, min(coalesce(evidence, '')), count(DISTINCT id) FROM facts WHERE kind = 'verdict'
            GROUP BY 1, 2, 3 ORDER BY 5 DESC, 1, 3 LIMIT {Most}
            """,
            null,
            reader => new RowKind(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4))
        );
    }

    /// <summary>The ids of a kind's rows.</summary>
    public IReadOnlyList<string> RowsOf(string check, string shape)
    {
        tables.Refresh();
        var filter = new RowFilterSql(new(), []);
        return tables.Query(
            $"""
            SELECT DISTINCT id FROM facts
            WHERE kind = 'verdict' AND name = {filter.Value(check)} AND shape = {filter.Value(shape)} ORDER BY 1
            """,
            filter,
            reader => reader.GetString(0)
        );
    }
}
