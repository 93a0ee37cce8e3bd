using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Interop.Tests;

public sealed class ForeignReaderTests : IDisposable
{
    private static readonly string[] Readers = ["duckdb", "hyparquet", "parquet-wasm"];
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-interop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [InteropFact]
    public void Foreign_readers_see_every_value_of_our_shards_as_it_was_given()
    {
        var paths = Enum.GetValues<ShardCompression>()
            .Select(compression => TestShards.Write(_folder, compression, TestShards.Rows))
            .ToArray();
        var jobs =
            from path in paths
            from reader in Readers
            select new JsonObject
            {
                ["reader"] = reader,
                ["file"] = path,
                ["out"] = $"{path}.{reader}",
                ["columns"] = Canonical.Shapes,
            };
        var list = Path.Combine(_folder, "jobs.json");
        File.WriteAllText(list, new JsonArray([.. jobs]).ToJsonString());
        Node.Run("dump.mjs", list);

        var given = TestShards.Rows.Select(Canonical.Row).ToList();
        var differences = new StringBuilder();
        foreach (var path in paths)
        {
            using (var file = ShardFile.Open(File.OpenRead(path), path))
                Differ(path, "our reader", given, [.. file.Read().Select(Canonical.Row)], differences);
            Differ(path, "ParquetSharp", given, SharpReader.Read(path), differences);
            foreach (var reader in Readers)
            {
                var lines = File.ReadAllLines($"{path}.{reader}");
                if (lines is [var first, ..] && first.StartsWith(reader, StringComparison.Ordinal))
                    differences.AppendLine($"{path}: {string.Join(' ', lines)}");
                else
                    Differ(path, reader, given, [.. lines.Select(line => JsonNode.Parse(line)!.AsArray())], differences);
            }
        }

        differences.ToString().Should().BeEmpty();
    }

    private static void Differ(string file, string reader, List<JsonArray> given, List<JsonArray> read, StringBuilder differences)
    {
        if (read.Count != given.Count)
            differences.AppendLine($"{file}: {reader} has {read.Count} rows of {given.Count}");
        for (var i = 0; i < Math.Min(read.Count, given.Count); i++)
        {
            for (var column = 0; column < given[i].Count; column++)
                if (!JsonNode.DeepEquals(read[i][column], given[i][column]))
                    differences
                        .AppendLine($"{file} row {i}, {ShardSchema.Columns[column]}: {reader} {Cut(read[i][column])}")
                        .AppendLine($"   given {Cut(given[i][column])}");
        }
    }

    private static string Cut(JsonNode? value) => value?.ToJsonString() is { } text ? text[..Math.Min(200, text.Length)] : "null";
}
