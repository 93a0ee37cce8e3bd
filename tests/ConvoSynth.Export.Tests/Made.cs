using System.Text.Json.Nodes;
using ConvoSynth.Export.Exports;
using DuckDB.NET.Data;

namespace ConvoSynth.Export.Tests;

/// <summary>An export, read by DuckDB and System.Text.Json.</summary>
internal sealed record Made(ExportReport Report, string Folder)
{
    /// <summary>The lines of a file of JSON lines.</summary>
    public JsonObject[] Lines(string split = "train") =>
        [.. File.ReadLines(Path.Combine(Folder, $"{split}.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>The rows of a split's Parquet files, lists of documents as arrays.</summary>
    public JsonObject[] Rows(string split = "train")
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM read_parquet('{Folder}/data/{split}-*.parquet')";
        using var reader = command.ExecuteReader();
        var rows = new List<JsonObject>();
        while (reader.Read())
        {
            var row = new JsonObject();
            for (var column = 0; column < reader.FieldCount; column++)
                row[reader.GetName(column)] = Node(reader.GetValue(column), reader.GetDataTypeName(column));
            rows.Add(row);
        }

        return [.. rows];
    }

    private static JsonNode? Node(object? value, string type) =>
        value switch
        {
            null or DBNull => null,
            List<string> documents => new JsonArray([.. documents.Select(document => JsonNode.Parse(document))]),
            string text when type == "Json" || text.StartsWith('[') => JsonNode.Parse(text),
            string text => JsonValue.Create(text),
            _ => throw new FormatException($"{type}: {value.GetType()}"),
        };

    public string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));
}
