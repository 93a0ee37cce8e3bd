using System.Text.Json.Nodes;
using ConvoSynth.Export.Renames;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

public sealed class RenameTests : IDisposable
{
    private const string Tools = """
        [{"type":"function","function":{"name":"find_row","description":"Finds. Not find_rows; see think.",
          "parameters":{"type":"object","properties":{"id":{"type":"string"},"date":{"type":"string"}},"required":["id"]}}},
         {"type":"function","function":{"name":"think","description":"Before find_row.","parameters":{"type":"object","properties":{}}}}]
        """;

    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_seed_draws_names_for_each_dialogue_and_puts_them_wherever_the_tool_is_meant()
    {
        ShardRow[] rows = [Row(0), Row(1)];

        var made = Export("7", rows);

        var lines = made.Lines();
        var renames = File.ReadLines(Path.Combine(made.Folder, RenamedRows.FileName)).Select(l => JsonNode.Parse(l)!).ToArray();
        renames.Select(r => (string)r["id"]!).Should().Equal(rows[0].Id, rows[1].Id);
        ((string)renames[0]["tools"]!["find_row"]!).Should().NotBe((string)renames[1]["tools"]!["find_row"]!);
        for (var i = 0; i < 2; i++)
        {
            var (find, think) = ((string)renames[i]["tools"]!["find_row"]!, (string)renames[i]["tools"]!["think"]!);
            var text = lines[i].ToJsonString();
            text.Should().NotContain("find_row\"").And.NotContain("\"think\"");
            lines[i]["tools"]![0]!["function"]!["name"]!.ToString().Should().Be(find);
            lines[i]["tools"]![0]!["function"]!["description"]!.ToString().Should().Be("Finds. Not find_rows; see think.");
            lines[i]["tools"]![1]!["function"]!["description"]!.ToString().Should().Be($"Before {find}.");
            lines[i]["messages"]!
                .AsArray()
                .Select(m => (string?)m!["content"])
                .Should()
                .Equal($"Call {find}, then `{think}`. I think so.", "Find 1.", null, $"Error: {find} needs more than {think}()", "Found.");
            lines[i]["messages"]![2]!["tool_calls"]![0]!["function"]!["name"]!.ToString().Should().Be(find);
        }

        File.ReadAllText(Path.Combine(Export("7", rows).Folder, "train.jsonl")).Should().Be(made.Text("train.jsonl"));
        made.Report.Files.Select(f => f.Name).Should().Contain(RenamedRows.FileName);
    }

    [Fact]
    public void A_file_gives_names_to_tools_and_their_parameters()
    {
        var made = Export(Names("""{"find_row":{"name":"lookup","parameters":{"id":"key"}}}"""), Row(0));

        var line = made.Lines().Single();
        var function = line["tools"]![0]!["function"]!;
        function["parameters"]!["properties"]!.AsObject().Select(p => p.Key).Should().Equal("key", "date");
        function["parameters"]!["required"]!.ToJsonString().Should().Be("[\"key\"]");
        line["messages"]![2]!["tool_calls"]![0]!["function"]!["arguments"]!.ToString().Should().Be("""{"key":"1","date":46.0}""");
        line["tools"]![1]!["function"]!["name"]!.ToString().Should().Be("think");
    }

    [Fact]
    public void The_changes_of_tools_in_a_dialogue_follow_the_names()
    {
        var row = Row(0) with { ToolsTimeline = """[{"message":0,"tools":["find_row"]}]"""u8.ToArray() };

        var tools = Export("7", row).Lines().Single()["tools"]!.AsArray();

        tools.Should().ContainSingle();
        tools[0]!.ToJsonString().Should().NotContain("\"find_row\"");
    }

    [Theory]
    [InlineData("""{"find_row":"think"}""", "find_row cannot be called think, which run/0/0 has already")]
    [InlineData("""{"find_row":"a_b","think":"a_b"}""", "two tools are called a_b")]
    [InlineData("""{"find_row":"not a name"}""", "\"not a name\" is no name")]
    [InlineData("""{"find_rows":"other"}""", "no row offers find_rows")]
    [InlineData("""{"find_row":"some_word"}""", "cannot be called some_word")]
    [InlineData("""["find_row"]""", "has another form")]
    [InlineData("{", "has another form")]
    public void Names_that_collide_or_fit_nothing_are_refused(string names, string reason)
    {
        var row = Row(0);
        var export = () =>
            Export(
                Names(names),
                row with
                {
                    Messages = [.. row.Messages.Skip(1).Prepend("""{"role":"system","content":"some_word"}"""u8.ToArray())],
                }
            );

        export.Should().Throw<ExportException>().WithMessage($"*{reason}*");
    }

    private Made Export(string renaming, params ShardRow[] rows) =>
        _run.Make(
            new()
            {
                Runs = [_run.Run(rows)],
                Format = "openai",
                Out = _run.Out(),
                Renaming = ToolRenaming.Of(renaming),
            }
        );

    private string Names(string content)
    {
        var path = Path.Combine(_run.Folder, "names.json");
        File.WriteAllText(path, content);
        return path;
    }

    private static ShardRow Row(long index) =>
        new Talk()
            .Add("""{"role":"system","content":"Call find_row, then `think`. I think so."}""", false)
            .User("Find 1.")
            .Add(
                """{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"find_row","arguments":{"id":"1","date":46.0}}}]}""",
                true
            )
            .Add("""{"role":"tool","tool_call_id":"c","name":"find_row","content":"Error: find_row needs more than think()"}""", false)
            .Agent("Found.")
            .Row(index) with
        {
            Tools = System.Text.Encoding.UTF8.GetBytes(Tools),
        };
}
