using System.Text.Json.Nodes;
using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Tests.Parquet;
using ConvoSynth.Shards.Tests.Rows;

namespace ConvoSynth.Interop.Tests;

/// <summary>A foreign reader that goes by our page index: it must come to the same rows, for less than the whole file.</summary>
public sealed class PageIndexReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-pages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [InteropFact]
    public void A_foreign_reader_finds_a_row_of_a_shard_by_our_page_index()
    {
        const int Rows = 600;
        var path = Path.Combine(_folder, "shard.parquet");
        using (var stream = File.Create(path))
        {
            using var writer = new ParquetShards(new ParquetWriterOptions { PageBytes = 32 << 10, PageRows = 40, RowGroupBytes = 4 << 20 }).Begin(stream);
            for (var i = 0; i < Rows; i++)
                writer.Append(SyntheticRows.Make(i));
            writer.Finish();
        }

        using var file = ParquetFile.Open(File.OpenRead(path), path);
        var all = Files.ReadAll(file);
        foreach (var line in Read([(path, [0, 1, 99, 250, 431, Rows - 1])], "index")[path])
        {
            var row = (int)line["row"]!;
            JsonNode.DeepEquals(line["values"], Canonical.Row(file.Schema, all[row])).Should().BeTrue("row {0}", row);
            ((long)line["bytes"]!).Should().BeLessThan(new FileInfo(path).Length / 6);
            var ranges = line["ranges"]!.AsArray().Select(range => (From: (int)range![0]!, To: (int)range[1]!)).ToList();
            ranges.Should().ContainSingle(range => range.From <= row && row < range.To);
            ranges.Sum(range => range.To - range.From).Should().BeLessThan(Rows / 4, "the column index leaves few pages for an index");
        }
    }

    [InteropFact]
    public void A_foreign_reader_finds_any_row_of_files_of_any_schema()
    {
        var jobs = new List<(string, int[])>();
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new RandomFiles(seed);
            var schema = random.Schema();
            var rows = random.Rows(schema);
            if (rows.Count == 0)
                continue;
            var path = Path.Combine(_folder, $"random-{seed}.parquet");
            File.WriteAllBytes(path, Files.Write(schema, rows, random.Options() with { PageBytes = 256, PageIndex = true }));
            jobs.Add((path, [0, rows.Count / 3, rows.Count / 2, rows.Count - 1]));
        }

        var differences = new List<string>();
        foreach (var (path, lines) in Read(jobs, null))
        {
            using var file = ParquetFile.Open(File.OpenRead(path), path);
            var all = Files.ReadAll(file);
            differences.AddRange(from line in lines
                                 let ours = Canonical.Row(file.Schema, all[(int)line["row"]!])
                                 where !JsonNode.DeepEquals(line["values"], ours)
                                 select $"{Path.GetFileName(path)} row {line["row"]}: {line["values"]!.ToJsonString()}, ours {ours.ToJsonString()}");
        }

        differences.Should().BeEmpty();
    }

    private Dictionary<string, List<JsonObject>> Read(List<(string Path, int[] Rows)> files, string? key)
    {
        var jobs = new JsonArray();
        foreach (var (path, rows) in files)
        {
            using var file = ParquetFile.Open(File.OpenRead(path), path);
            jobs.Add(new JsonObject
            {
                ["file"] = path,
                ["out"] = path + ".rows",
                ["key"] = key,
                ["rows"] = new JsonArray([.. rows.Select(row => JsonValue.Create(row))]),
                ["columns"] = new JsonArray([.. file.Schema.Fields.Select(Canonical.Shape)]),
            });
        }

        var list = Path.Combine(_folder, "jobs.json");
        File.WriteAllText(list, jobs.ToJsonString());
        Node.Run("range.mjs", list);
        return files.ToDictionary(file => file.Path, file =>
        {
            var lines = File.ReadAllLines(file.Path + ".rows");
            lines.Should().NotContain(line => line.StartsWith("hyparquet failed"));
            return lines.Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        }, StringComparer.Ordinal);
    }
}
