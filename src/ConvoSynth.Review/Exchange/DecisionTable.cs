using System.Globalization;
using System.Text;
using System.Text.Json;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Tables;
using DuckDB.NET.Data;

namespace ConvoSynth.Review.Exchange;

/// <summary>Decisions as a table for other tools: one line a row and reviewer, in CSV or Parquet by the file's extension.</summary>
public static class DecisionTable
{
    /// <summary>The columns, in their order. Only <c>row</c> and <c>ruling</c> are needed in a table that is read.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["row", "reviewer", "ruling", "fault", "tags", "note", "at", "blind", "turns"];

    // An edited dialogue is one cell.
    private const int LongestLine = 64 << 20;

    /// <exception cref="ReviewException">The file's name has another extension, or it cannot be written.</exception>
    public static void Write(string path, IEnumerable<Decision> decisions)
    {
        var format = FormatOf(path) == "csv" ? "FORMAT csv, HEADER" : "FORMAT parquet";
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        Execute(
            duck,
            $"CREATE TABLE decisions ({string.Join(", ", Columns.Select(c => $"\"{c}\" {(c == "blind" ? "BOOLEAN" : "VARCHAR")}"))})"
        );
        foreach (var decision in decisions)
            Insert(duck, decision);

        try
        {
            Execute(duck, $"COPY decisions TO {Sql.Text(path)} ({format})");
        }
        catch (DuckDBException e)
        {
            throw new ReviewException($"{path} cannot be written: {FirstLine(e)}");
        }
    }

    /// <summary>The lines of a table, each with the values of the columns that it has; absent and empty ones are null.</summary>
    /// <exception cref="ReviewException">The file is no such table.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string?>> Read(string path)
    {
        var source =
            FormatOf(path) == "csv"
                ? $"read_csv({Sql.Text(path)}, delim=',', quote='\"', escape='\"', header=true, all_varchar=true, "
                    + $"max_line_size={LongestLine})"
                : $"read_parquet({Sql.Text(path)})";
        // DuckDB would take patterns and addresses too.
        if (!File.Exists(path))
            throw new ReviewException($"there is no file {path} with decisions");
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {source}";
        try
        {
            using var reader = command.ExecuteReader();
            string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            if (!names.Contains("row") || !names.Contains("ruling"))
                throw new ReviewException($"{path} lacks the columns row and ruling; it has {string.Join(", ", names)}");
            var lines = new List<IReadOnlyDictionary<string, string?>>();
            while (reader.Read())
                lines.Add(
                    Columns.ToDictionary(
                        c => c,
                        c =>
                            Array.IndexOf(names, c) is >= 0 and var at
                            && !reader.IsDBNull(at)
                            && reader.GetString(at) is { Length: > 0 } text
                                ? text
                                : null,
                        StringComparer.Ordinal
                    )
                );
            return lines;
        }
        catch (DuckDBException e)
        {
            throw new ReviewException($"{path} cannot be read: {FirstLine(e)}");
        }
    }

    // As bytes: DuckDB.NET ends a text at its first NUL.
    private static void Insert(DuckDBConnection duck, Decision decision)
    {
        object?[] values =
        [
            decision.Row,
            decision.Reviewer,
            TextOf(decision.Ruling),
            decision.Fault,
            decision.Tags.Count == 0 ? null : JsonSerializer.Serialize(decision.Tags, DecisionJson.Lines.IReadOnlyListString),
            decision.Note,
            decision.At.ToString("O", CultureInfo.InvariantCulture),
            decision.Blind,
            decision.Turns is { } turns ? JsonSerializer.Serialize(turns, DecisionJson.Lines.IReadOnlyListEditedTurn) : null,
        ];
        using var command = duck.CreateCommand();
        var places = values.Select((value, place) => value is string ? $"decode(${place + 1})" : $"${place + 1}");
        command.CommandText = $"INSERT INTO decisions VALUES ({string.Join(", ", places)})";
        foreach (var value in values)
            command.Parameters.Add(new DuckDBParameter(value is string text ? Encoding.UTF8.GetBytes(text) : value ?? DBNull.Value));
        command.ExecuteNonQuery();
    }

    public static string TextOf(Ruling ruling) => ruling.ToString().ToLowerInvariant();

    private static string FormatOf(string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => "csv",
            ".parquet" => "parquet",
            var other => throw new ReviewException($"{path} ends with \"{other}\"; decisions are kept as .csv or .parquet"),
        };

    private static void Execute(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string FirstLine(DuckDBException e) => e.Message.Split('\n', 2)[0].TrimEnd('.');
}
