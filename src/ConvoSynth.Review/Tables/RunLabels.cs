namespace ConvoSynth.Review.Tables;

/// <summary>A judge's vote on a question about a row.</summary>
public sealed record RowVote(string Row, string Check, string Answer);

/// <summary>What checks, judges and planted faults say of rows that people decided.</summary>
public sealed class RunLabels(RunTables tables)
{
    /// <summary>The verdicts that failed or are unsure, one a row, check and outcome.</summary>
    public IReadOnlyList<(string Id, string Check, string Outcome)> VerdictsOf(IReadOnlyCollection<string> ids) =>
        Facts("SELECT DISTINCT id, name, outcome FROM facts WHERE kind = 'verdict'", ids, (id, name, outcome) => (id, name, outcome));

    /// <summary>The votes of judges.</summary>
    public IReadOnlyList<RowVote> VotesOf(IReadOnlyCollection<string> ids) =>
        Facts(
            "SELECT id, check_kind, coalesce(outcome, '') FROM facts WHERE kind = 'vote'",
            ids,
            (id, check, answer) => new RowVote(id, check, answer)
        );

    /// <summary>Which of the given rows are controls, and whether a fault is planted in them.</summary>
    public IReadOnlyDictionary<string, bool> Controls(IReadOnlyCollection<string> ids)
    {
        var filter = new RowFilterSql(new() { Planted = "control" }, []);
        filter.And(filter.Among("r.id", ids));
        return tables
            .Query(
                $"SELECT r.id, r.planted_fault IS NOT NULL FROM row_lines r {filter.Where}",
                filter,
                reader => (Id: reader.GetString(0), IsPlanted: reader.GetBoolean(1))
            )
            .ToDictionary(r => r.Id, r => r.IsPlanted, StringComparer.Ordinal);
    }

    /// <summary>Which of the given ids the run has.</summary>
    public IReadOnlySet<string> Known(IReadOnlyCollection<string> ids)
    {
        var filter = new RowFilterSql(new(), []);
        filter.And(filter.Among("r.id", ids));
        return tables
            .Query($"SELECT r.id FROM row_lines r {filter.Where}", filter, reader => reader.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
    }

    private List<T> Facts<T>(string select, IReadOnlyCollection<string> ids, Func<string, string, string, T> read)
    {
        var filter = new RowFilterSql(new(), []);
        return tables.Query(
            $"{select} AND {filter.Among("id", ids)}",
            filter,
            reader => read(reader.GetString(0), reader.GetString(1), reader.GetString(2))
        );
    }
}
