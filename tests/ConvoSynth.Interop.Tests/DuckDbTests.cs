using System.Text.Json.Nodes;
using ConvoSynth.Shards;
using ConvoSynth.Shards.Parquet;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Tests.Parquet;
using ConvoSynth.Shards.Tests.Rows;

namespace ConvoSynth.Interop.Tests;

public sealed class DuckDbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-duckdb-").FullName;

    private const string Table = """
        CREATE OR REPLACE TABLE t AS SELECT
          i::INTEGER AS i32, (i * 7919 - 5000000000)::BIGINT AS i64, CASE WHEN i % 5 = 0 THEN NULL ELSE i END AS maybe,
          (i / 7)::DOUBLE AS f64, (i / 7)::FLOAT AS f32, i % 3 = 0 AS flag, CASE WHEN i % 4 = 0 THEN NULL ELSE i % 2 = 0 END AS maybe_flag,
          'text é 語 😀 ' || i AS text, CASE i % 3 WHEN 0 THEN 'few' WHEN 1 THEN 'values' ELSE NULL END AS few,
          'shared prefix ' || (i // 10) || ' ' || i AS prefixed, encode('bytes ' || i) AS raw,
          ('{"n":' || i || '}')::JSON AS doc,
          CASE WHEN i % 7 = 0 THEN NULL WHEN i % 7 = 1 THEN [] ELSE [i, NULL, i + 1] END AS list,
          CASE WHEN i % 6 = 0 THEN NULL ELSE {'a': i, 'b': CASE WHEN i % 2 = 0 THEN NULL ELSE ['x', 'y' || i] END} END AS struct,
          [[i, 1], [], NULL] AS nested,
          CASE WHEN i % 3 = 0 THEN [{'k': 'v' || i, 'l': [i]}, NULL] ELSE NULL END AS records,
          NULL::VARCHAR AS nothing, 42 AS same
        FROM range(5000) r(i)
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [InteropFact]
    public void We_read_what_DuckDB_writes()
    {
        string[] variants = ["COMPRESSION snappy", "COMPRESSION gzip", "COMPRESSION brotli", "COMPRESSION uncompressed",
            "COMPRESSION snappy, PARQUET_VERSION v2", "COMPRESSION gzip, PARQUET_VERSION v2", "COMPRESSION uncompressed, PARQUET_VERSION v2, ROW_GROUP_SIZE 2048"];
        var paths = variants.Select((_, i) => Path.Combine(_folder, $"{i}.parquet")).ToArray();
        Query([Table, .. variants.Select((variant, i) => $"COPY t TO '{paths[i]}' (FORMAT parquet, {variant})")]);

        var encodings = new HashSet<string>(StringComparer.Ordinal);
        Dump(paths);
        foreach (var (path, variant) in paths.Zip(variants))
        {
            using var file = ParquetFile.Open(File.OpenRead(path), path);
            var ours = Files.ReadAll(file).ConvertAll(row => Canonical.Row(file.Schema, row).ToJsonString());
            var theirs = File.ReadAllLines(path + ".rows");
            ours.Should().HaveCount(5000);
            for (var i = 0; i < ours.Count; i++)
                if (!JsonNode.DeepEquals(JsonNode.Parse(ours[i]), JsonNode.Parse(theirs[i])))
                    ours[i].Should().Be(theirs[i], "row {0} written with {1}", i, variant);
            foreach (var leaf in file.Schema.Leaves)
                encodings.UnionWith(file.Encodings(0, leaf.DottedPath));
        }

        // Otherwise this test would have stopped testing what it is for.
        encodings.Should().Contain(["Plain", "DeltaBinaryPacked", "DeltaLengthByteArray", "RleDictionary", "ByteStreamSplit"]);
    }

    [InteropFact]
    public void Damage_to_what_DuckDB_writes_is_an_error_and_never_a_hang()
    {
        string[] variants = ["COMPRESSION snappy", "COMPRESSION uncompressed, PARQUET_VERSION v2", "COMPRESSION snappy, PARQUET_VERSION v2", "COMPRESSION gzip, PARQUET_VERSION v2"];
        var paths = variants.Select((_, i) => Path.Combine(_folder, $"damage-{i}.parquet")).ToArray();
        Query([Table, .. variants.Select((variant, i) => $"COPY (FROM t LIMIT 300) TO '{paths[i]}' (FORMAT parquet, {variant})")]);
        var files = paths.Select(File.ReadAllBytes).ToArray();
        var (refused, read) = (0, 0);
        for (var seed = 0; seed < 4000; seed++)
        {
            var file = files[seed % files.Length];
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = TimeProvider.System.GetTimestamp();
            var mutant = seed % 3 == 0 ? Damage.Do([.. file], new Random(seed)) : Mutant.Make(file, seed).Bytes;
            try
            {
                var survives = Damage.Survives(mutant);
                refused += survives ? 0 : 1;
                read += survives ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((96 << 20) + (1000L * file.Length), "seed {0}", seed);
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(20), "seed {0}", seed);
        }

        refused.Should().BeGreaterThan(1000);
        read.Should().BeGreaterThan(100);
    }

    [InteropFact]
    public void A_codec_that_we_do_not_have_is_refused_by_name()
    {
        var path = Path.Combine(_folder, "zstd.parquet");
        Query([Table, $"COPY t TO '{path}' (FORMAT parquet, COMPRESSION zstd)"]);
        using var file = ParquetFile.Open(File.OpenRead(path), path);
        var read = () => Files.ReadAll(file);
        read.Should().Throw<ShardException>().Where(e => e.Fault == ShardFault.Unsupported && e.Message.Contains("ZSTD") && e.Message.Contains(path));
    }

    [InteropFact]
    public void DuckDB_finds_lists_JSON_and_true_statistics_in_our_shards()
    {
        var path = Path.Combine(_folder, "shard.parquet");
        using (var stream = File.Create(path))
        {
            using var writer = new ParquetShards(new ParquetWriterOptions { RowGroupBytes = 1 << 20 }).Begin(stream);
            for (var i = 0; i < 200; i++)
                writer.Append(SyntheticRows.Make(i));
            writer.Finish();
        }

        var types = Query([$"DESCRIBE SELECT * FROM read_parquet('{path}')"])
            .ToDictionary(row => (string)row["column_name"]!, row => (string)row["column_type"]!, StringComparer.Ordinal);
        types.Keys.Should().Equal(ShardSchema.Columns);
        types["messages"].Should().Be("JSON[]");
        types["tools"].Should().Be("JSON");
        types["reject_reasons"].Should().Be("VARCHAR[]");
        types["index"].Should().Be("BIGINT");

        var logical = Query([$"SELECT name, logical_type, repetition_type FROM parquet_schema('{path}')"]).Select(row => row.ToJsonString()).ToList();
        logical.Should().Contain("""{"name":"messages","logical_type":"ListType()","repetition_type":"REQUIRED"}""");
        logical.Should().Contain("""{"name":"element","logical_type":"JsonType()","repetition_type":"REQUIRED"}""");

        var chunks = Query([$"SELECT row_group_num_rows, path_in_schema, stats_min_value, stats_max_value, stats_null_count, encodings, compression FROM parquet_metadata('{path}')"]);
        chunks.Where(row => (string)row["path_in_schema"]! == "index").Sum(row => long.Parse((string)row["row_group_num_rows"]!)).Should().Be(200);
        chunks.Select(row => (string)row["compression"]!).Distinct().Should().Equal("BROTLI");
        var index = chunks.First(row => (string)row["path_in_schema"]! == "index");
        index["stats_min_value"]!.GetValue<string>().Should().Be("0");
        chunks.First(row => (string)row["path_in_schema"]! == "tools")["encodings"]!.GetValue<string>().Should().Contain("RLE_DICTIONARY");

        // Filters that the statistics answer: a wrong bound would lose rows here.
        string[] filters = ["\"index\" BETWEEN 17 AND 42", "id = 'run-1/00000199/0'", "instruction >= ''", "planted_fault IS NULL", "json_extract_string(messages[1], '$.role') = 'user'"];
        var counts = Query([string.Join(" UNION ALL ", filters.Select((filter, i) => $"SELECT {i} AS i, count(*) AS n FROM read_parquet('{path}') WHERE {filter}")) + " ORDER BY i"]);
        counts.Select(row => (string)row["n"]!).Should().Equal("26", "1", "200", "171", "200");
    }

    private void Dump(IEnumerable<string> paths)
    {
        var jobs = new JsonArray();
        foreach (var path in paths)
        {
            using var file = ParquetFile.Open(File.OpenRead(path), path);
            jobs.Add(new JsonObject
            {
                ["reader"] = "duckdb",
                ["file"] = path,
                ["out"] = path + ".rows",
                ["columns"] = new JsonArray([.. file.Schema.Fields.Select(Canonical.Shape)]),
            });
        }

        var list = Path.Combine(_folder, "jobs.json");
        File.WriteAllText(list, jobs.ToJsonString());
        Node.Run("dump.mjs", list);
    }

    private List<JsonObject> Query(string[] sql)
    {
        var list = Path.Combine(_folder, "query.json");
        var output = Path.Combine(_folder, "query.out");
        File.WriteAllText(list, new JsonArray(new JsonObject
        {
            ["sql"] = new JsonArray([.. sql.Select(statement => JsonValue.Create(statement))]),
            ["out"] = output,
        }).ToJsonString());
        Node.Run("query.mjs", list);
        var lines = File.ReadAllLines(output);
        lines.Should().NotContain(line => line.StartsWith("duckdb failed"));
        return [.. lines.Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
