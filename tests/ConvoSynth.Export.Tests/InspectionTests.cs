using ConvoSynth.Export.Exports;
using ConvoSynth.Export.Inspections;

namespace ConvoSynth.Export.Tests;

public sealed class InspectionTests : IDisposable
{
    private readonly TestRun _run = new();

    public void Dispose() => _run.Dispose();

    public static TheoryData<string> Formats =>
        [
            .. Exporter
                .Formats.Select(f => f.Name)
                .Except(["text"])
                .Where(f => !f.EndsWith("-dpo", StringComparison.Ordinal) && f is not ("rl-tasks" or "nemo-gym-env")),
        ];

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_calls_tools_and_words_of_every_export_are_found(string format)
    {
        var made = _run.Export(
            format,
            Talk.Begin().User("One.").Call("{\"id\":\"1\"}").Agent("It is there.").User("Bye.").Row(0),
            Talk.Begin().User("Two.").Agent("Good.").User("Bye.").Row(1)
        );

        var found = Inspection.Of(made.Folder, samples: 1);

        found.Records.Should().Be(made.Report.Records.Values.Sum());
        found.Tools.Select(t => t.Name).Should().Equal("find", "now");
        found.Tools[0].Called.Should().BePositive();
        found.Tools[1].Should().Be(new InspectedTool("now", found.Tools[1].Offered, 0));
        found.Tools.Should().OnlyContain(t => t.Offered == found.Records);
        found.Characters!.Most.Should().BeGreaterThan("One.".Length);
        found.Samples.Should().ContainSingle();
        found.Fields.Should().NotBeEmpty();
    }

    [Fact]
    public void A_run_shows_its_columns_and_how_often_each_tool_is_called()
    {
        var run = _run.Run(
            Talk.Begin().User("One.").Call("{\"id\":\"1\"}").Agent("Yes.").User("Bye.").Row(0),
            Talk.Begin().User("One.").Call("{\"id\":\"1\"}", "{\"id\":\"2\"}").Agent("Yes.").User("Bye.").Row(1)
        );

        var found = Inspection.Of(run, samples: 0);

        found.Records.Should().Be(2);
        found.Fields.Select(f => f.Name).Should().Contain(["id", "messages", "tools", "status"]);
        found.Roles["assistant"].Should().Be(4);
        found.Messages["messages"].Should().Be(new Spread(6, 7, 7, 7));
        found.Tools.Should().Equal(new InspectedTool("find", 2, 3), new("now", 2, 0));
        found.Samples.Should().BeEmpty();
    }

    [Fact]
    public void Fields_that_differ_between_records_are_told()
    {
        var path = Path.Combine(_run.Folder, "mixed.jsonl");
        File.WriteAllLines(path, ["""{"a":1,"b":null}""", "", """{"a":"x"}""", """{"a":[],"c":{}}"""]);

        var found = Inspection.Of(path, samples: 5);

        found
            .Fields[0]
            .Types.Should()
            .BeEquivalentTo(
                new Dictionary<string, long>
                {
                    ["number"] = 1,
                    ["text"] = 1,
                    ["list"] = 1,
                }
            );
        found.Fields.Select(f => f.Absent).Should().Equal(0, 2, 2);
        found.Characters.Should().BeNull();
        found.Samples.Should().HaveCount(3);
    }

    [Theory]
    [InlineData("none.jsonl", null, "*no file or folder*")]
    [InlineData("a.txt", "x", "*is no file of records*")]
    [InlineData("a.jsonl", "{}\n{", "*line 2 is no JSON*")]
    [InlineData("a.jsonl", "", "*holds no record*")]
    [InlineData("a.parquet", "PAR1 no more", "*is no Parquet*")]
    public void What_cannot_be_inspected_is_one_sentence(string name, string? content, string sentence)
    {
        var path = Path.Combine(_run.Folder, name);
        if (content is not null)
            File.WriteAllText(path, content);

        var inspect = () => Inspection.Of(path, samples: 1);

        inspect.Should().Throw<ExportException>().WithMessage(sentence);
    }
}
