using System.Text;
using System.Text.Json.Nodes;
using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Tests.Parquet;
using ConvoSynth.Shards.Tests.Rows;

namespace ConvoSynth.Interop.Tests;

public sealed class ForeignReaderTests : IDisposable
{
    private static readonly string[] Readers = ["duckdb", "hyparquet", "parquet-wasm"];
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-interop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [InteropFact]
    public void Foreign_readers_see_the_shards_of_every_codec_as_we_do()
    {
        var files = new List<(string, ParquetSchema)>();
        foreach (var codec in new[] { Codec.Brotli, Codec.Gzip, Codec.Uncompressed })
        {
            var path = Path.Combine(_folder, $"{codec}.parquet");
            using (var stream = File.Create(path))
            {
                using var writer = new ParquetShards(new ParquetWriterOptions { Codec = codec, RowGroupBytes = 1 << 20, PageBytes = 64 << 10 }).Begin(stream);
                for (var i = 0; i < 150; i++)
                    writer.Append(SyntheticRows.Make(i, status: i % 4 == 0 ? RowStatus.Rejected : RowStatus.Accepted));
                writer.Finish();
            }

            files.Add((path, ShardSchema.Parquet));
        }

        Compare(files);
    }

    [InteropFact]
    public void Foreign_readers_see_files_of_any_schema_as_we_do()
    {
        var files = new List<(string, ParquetSchema)>();
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new RandomFiles(seed);
            var schema = random.Schema();
            var path = Path.Combine(_folder, $"random-{seed}.parquet");
            File.WriteAllBytes(path, Files.Write(schema, random.Rows(schema), random.Options()));
            files.Add((path, schema));
        }

        Compare(files);
    }

    private void Compare(List<(string Path, ParquetSchema Schema)> files)
    {
        var jobs = new JsonArray();
        foreach (var (path, schema) in files)
            foreach (var reader in Readers)
                jobs.Add(new JsonObject
                {
                    ["reader"] = reader,
                    ["file"] = path,
                    ["out"] = $"{path}.{reader}",
                    ["columns"] = new JsonArray([.. schema.Fields.Select(Canonical.Shape)]),
                });
        var list = Path.Combine(_folder, "jobs.json");
        File.WriteAllText(list, jobs.ToJsonString());
        Node.Run("dump.mjs", list);

        var differences = new StringBuilder();
        foreach (var (path, _) in files)
        {
            using var file = ParquetFile.Open(File.OpenRead(path), path);
            var ours = Files.ReadAll(file).ConvertAll(row => Canonical.Row(file.Schema, row));
            foreach (var reader in Readers)
                Differ(Path.GetFileName(path), reader, ours, File.ReadAllLines($"{path}.{reader}"), differences);
        }

        differences.ToString().Should().BeEmpty();
    }

    private static void Differ(string file, string reader, List<JsonArray> ours, string[] theirs, StringBuilder differences)
    {
        if (theirs.Length > 0 && theirs[0].StartsWith(reader, StringComparison.Ordinal))
        {
            differences.AppendLine($"{file}: {string.Join(' ', theirs)}");
            return;
        }

        if (theirs.Length != ours.Count)
            differences.AppendLine($"{file}: {reader} has {theirs.Length} rows, we have {ours.Count}");
        for (var i = 0; i < Math.Min(theirs.Length, ours.Count); i++)
        {
            if (JsonNode.DeepEquals(JsonNode.Parse(theirs[i]), ours[i]))
                continue;
            differences.AppendLine($"{file} row {i}: {reader} {theirs[i]}").AppendLine($"      ours {ours[i].ToJsonString()}");
            return;
        }
    }
}
