using System.Text.Json.Nodes;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Tests.Rows;

namespace ConvoSynth.Interop.Tests;

public sealed class DuckDbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-duckdb-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [InteropFact]
    public void DuckDB_finds_lists_and_JSON_in_our_shards()
    {
        var path = TestShards.Write(_folder, ShardCompression.Zstd, TestShards.Rows);
        var types = Query([$"DESCRIBE SELECT * FROM read_parquet('{path}')"])
            .ToDictionary(row => (string)row["column_name"]!, row => (string)row["column_type"]!, StringComparer.Ordinal);
        types.Keys.Should().Equal(ShardSchema.Columns);
        types
            .Where(type => type.Value == "JSON")
            .Select(type => type.Key)
            .Should()
            .Equal(
                "tools",
                "tools_timeline",
                "blueprint",
                "accepted_end_states",
                "state_diff",
                "pass_rate",
                "usage",
                "models",
                "world",
                "prompt_hashes"
            );
        types.Where(type => type.Value == "JSON[]").Select(type => type.Key).Should().Equal("messages", "message_meta", "verdicts");
        types
            .Where(type => type.Value == "VARCHAR[]")
            .Select(type => type.Key)
            .Should()
            .Equal("reject_reasons", "undecided_reasons", "passes", "benchmark_adjacent");
        types["index"].Should().Be("BIGINT");

        var logical = Query([$"SELECT name, logical_type, repetition_type FROM parquet_schema('{path}')"])
            .Select(row => row.ToJsonString())
            .ToList();
        logical.Should().Contain("""{"name":"messages","logical_type":"ListType()","repetition_type":"REQUIRED"}""");
        logical.Count(line => line == """{"name":"element","logical_type":"JsonType()","repetition_type":"REQUIRED"}""").Should().Be(3);
        logical.Should().Contain("""{"name":"id","logical_type":"StringType()","repetition_type":"REQUIRED"}""");
        logical.Should().Contain("""{"name":"tools","logical_type":"JsonType()","repetition_type":"OPTIONAL"}""");
    }

    [InteropFact]
    public void DuckDB_is_told_no_bound_that_is_not_one()
    {
        var path = TestShards.Write(_folder, ShardCompression.Zstd, Enumerable.Range(0, 200).Select(i => SyntheticRows.Make(i)));
        var chunks = Query([$"SELECT path_in_schema, type, stats_min_value, compression FROM parquet_metadata('{path}')"]);
        chunks.Count(row => (string)row["path_in_schema"]! == "index").Should().BeGreaterThan(3);
        chunks.Select(row => (string)row["compression"]!).Distinct().Should().Equal("ZSTD");
        chunks
            .Where(row => (string)row["type"]! == "BYTE_ARRAY")
            .Should()
            .OnlyContain(row => row["stats_min_value"] == null, "Parquet.Net would compare them as UTF-16");
        chunks.Where(row => (string)row["type"]! != "BYTE_ARRAY").Should().OnlyContain(row => row["stats_min_value"] != null);

        // Filters that statistics can answer: a wrong bound would lose rows here.
        string[] filters =
        [
            "\"index\" BETWEEN 17 AND 42",
            "id = 'run-1/00000199/0'",
            "instruction >= ''",
            "planted_fault IS NULL",
            "json_extract_string(messages[1], '$.role') = 'user'",
        ];
        var selects = filters.Select((filter, i) => $"SELECT {i} AS i, count(*) AS n FROM read_parquet('{path}') WHERE {filter}");
        var counts = Query([$"{string.Join(" UNION ALL ", selects)} ORDER BY i"]);
        counts.Select(row => (string)row["n"]!).Should().Equal("26", "1", "200", "171", "200");
    }

    private List<JsonObject> Query(string[] sql)
    {
        var list = Path.Combine(_folder, "query.json");
        var output = Path.Combine(_folder, "query.out");
        File.WriteAllText(
            list,
            new JsonArray(
                new JsonObject { ["sql"] = new JsonArray([.. sql.Select(statement => JsonValue.Create(statement))]), ["out"] = output }
            ).ToJsonString()
        );
        Node.Run("query.mjs", list);
        var lines = File.ReadAllLines(output);
        lines.Should().NotContain(line => line.StartsWith("duckdb failed"));
        return [.. lines.Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
