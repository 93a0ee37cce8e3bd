using System.Text.Json;
using ConvoSynth.Export.Files;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Trajectories;
using DuckDB.NET.Data;

namespace ConvoSynth.Export.Records;

/// <summary>The records of a run, an export or a file, each as a JSON object, one at a time.</summary>
public static class RecordSource
{
    private static readonly string[] Endings = [".jsonl", ".parquet", ".json"];

    // Of a record that holds tasks beside its dialogues.
    private static readonly string[] KnownLists = ["dialogues", "simulations", "results"];

    // Beside the data of an export, and no data.
    private static readonly string[] Companions = [OutputFolder.ReportName, "dataset_info.json", "run.json", "manifest.json"];

    /// <summary>The files with records: a named file, or all in a folder.</summary>
    /// <exception cref="ExportException">There is none.</exception>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        if (File.Exists(path))
            return Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
                ? [path]
                : throw new ExportException($"{path} is no file of records; there are {string.Join(", ", Endings)}");
        if (!Directory.Exists(path))
            throw new ExportException($"there is no file or folder {path}");
        string[] files =
        [
            .. Directory
                .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                .Where(f => !Companions.Contains(Path.GetFileName(f), StringComparer.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        return files.Length > 0 ? files : throw new ExportException($"{path} has no file of records ({string.Join(", ", Endings)})");
    }

    /// <exception cref="ExportException">The file is no such file; the sentence names it.</exception>
    public static IEnumerable<JsonElement> Read(string file) => Numbered(file).Select(r => r.Record);

    /// <summary>The records with their numbers: of JSON lines the line, otherwise the place among the records, both from 1.</summary>
    /// <exception cref="ExportException">The file is no such file; the sentence names it.</exception>
    public static IEnumerable<(int Number, JsonElement Record)> Numbered(string file) =>
        IsOfLines(file) ? Lines(file)
        : Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase) ? Whole(file).Select((r, i) => (i + 1, r))
        : Parquet(file).Select((r, i) => (i + 1, r));

    /// <summary>Whether the records of a file are numbered by its lines.</summary>
    public static bool IsOfLines(string file) => Path.GetExtension(file).Equals(".jsonl", StringComparison.OrdinalIgnoreCase);

    internal static IEnumerable<JsonElement> Read(RunFolder run)
    {
        foreach (var row in new RunReader(run).Rows())
            yield return JsonElement.Parse(RowJson.Of(row).ToString());
    }

    private static IEnumerable<(int, JsonElement)> Lines(string file)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return (number, Parsed(line, $"{file}, line {number}"));
        }
    }

    // A list of records, or one object in which the records are a known field or the longest list of objects.
    private static IEnumerable<JsonElement> Whole(string file)
    {
        var root = Parsed(File.ReadAllText(file), file);
        if (root.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            throw new ExportException($"{file}: an object or a list of objects is wanted");
        foreach (var record in root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : LongestList(root))
            yield return record;
    }

    private static JsonElement[] LongestList(JsonElement root)
    {
        foreach (var name in KnownLists)
        {
            if (root.TryGetProperty(name, out var known) && known.ValueKind == JsonValueKind.Array)
                return [.. known.EnumerateArray()];
        }

        var lists = root.EnumerateObject()
            .Where(p => p.Value.ValueKind == JsonValueKind.Array && p.Value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object))
            .Select(p => p.Value)
            .OrderByDescending(l => l.GetArrayLength());
        return lists.FirstOrDefault() is { ValueKind: JsonValueKind.Array } longest ? [.. longest.EnumerateArray()] : [root];
    }

    private static IEnumerable<JsonElement> Parquet(string file)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT to_json(r) FROM read_parquet('{file.Replace("'", "''", StringComparison.Ordinal)}') r";
        command.UseStreamingMode = true;
        using var reader = Opened(command, file);
        while (reader.Read())
            yield return JsonElement.Parse(reader.GetString(0));
    }

    private static DuckDBDataReader Opened(DuckDBCommand command, string file)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (DuckDBException e)
        {
            throw new ExportException($"{file} is no Parquet that can be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static JsonElement Parsed(string text, string where)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new ExportException($"{where} is no JSON: {e.Message}");
        }
    }
}
