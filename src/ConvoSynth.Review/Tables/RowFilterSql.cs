using DuckDB.NET.Data;

namespace ConvoSynth.Review.Tables;

/// <summary>The condition of a view on <c>row_lines r</c>, with its values as parameters.</summary>
internal sealed class RowFilterSql
{
    private readonly List<string> _conditions = [];
    private readonly List<object> _values = [];

    /// <param name="decided">The ids that count as decided in the view.</param>
    public RowFilterSql(RowView view, IReadOnlyCollection<string> decided)
    {
        Equal("r.status", view.Status);
        // Another attempt followed a retried one, and a failed one has no dialogue: neither waits for a person.
        if (view.Queue is not null && view.Status is null)
            _conditions.Add("r.status NOT IN ('retried', 'failed')");
        Equal("r.domain", view.Domain);
        Equal("r.intent", view.Intent);
        Equal("r.slice", view.Slice);
        if (view.Planted is "any" or "none")
            _conditions.Add($"r.planted_fault IS {(view.Planted == "any" ? "NOT " : "")}NULL");
        else if (view.Planted == "control")
            _conditions.Add("(r.planted_fault IS NOT NULL OR r.status = 'accepted')");
        else
            Equal("r.planted_fault", view.Planted);
        Verdict(view);
        if (view.Tool is { } tool)
            _conditions.Add($"r.id IN (SELECT id FROM facts WHERE kind = 'tool' AND name = {Value(tool)})");
        if (view.Split is { } judge)
            _conditions.Add(
                $"""
                r.id IN (SELECT id FROM facts WHERE kind = 'vote' GROUP BY id, check_kind
                  HAVING count(DISTINCT outcome) > 1 AND ({Value(judge)} = 'any' OR count(*) FILTER (name = {Value(judge)}) > 0))
                """
            );
        if (view.Decided is "yes" or "no" or "open")
            _conditions.Add($"{(view.Decided == "yes" ? "" : "NOT ")}{Among("r.id", decided)}");
    }

    public string Where => _conditions.Count == 0 ? "" : $"WHERE {All}";

    /// <summary>The condition, or one more row whatever the condition says.</summary>
    public string WhereOr(string condition) => _conditions.Count == 0 ? "" : $"WHERE ({All}) OR {condition}";

    private string All => string.Join(" AND ", _conditions);

    /// <summary>Adds a value and returns its place in the statement.</summary>
    public string Value(object value)
    {
        _values.Add(value);
        return $"${_values.Count}";
    }

    /// <summary>The condition that a column is one of many values: a join, for a list would be walked through for each row.</summary>
    public string Among(string column, IReadOnlyCollection<string> values) =>
        $"({column} IN (SELECT unnest(CAST({Value(values.ToList())} AS VARCHAR[]))))";

    public void And(string condition) => _conditions.Add(condition);

    public void BindTo(DuckDBCommand command)
    {
        foreach (var value in _values)
            command.Parameters.Add(new DuckDBParameter(value));
    }

    private void Equal(string column, string? value)
    {
        if (value is not null)
            _conditions.Add($"{column} = {Value(value)}");
    }

    private void Verdict(RowView view)
    {
        if ((view.Check ?? view.Shape ?? view.Outcome ?? view.Fault) is null)
            return;
        var conditions = new List<string> { "kind = 'verdict'" };
        if (view.Check is { } check)
            conditions.Add($"name = {Value(check)}");
        if (view.Shape is { } shape)
            conditions.Add($"shape = {Value(shape)}");
        if (view.Outcome is { } outcome)
            conditions.Add($"outcome = {Value(outcome)}");
        if (view.Fault is { } fault)
            conditions.Add($"fault = {Value(fault)}");
        _conditions.Add($"r.id IN (SELECT id FROM facts WHERE {string.Join(" AND ", conditions)})");
    }
}
