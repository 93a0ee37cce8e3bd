using ConvoSynth.Export.Exports;
using ConvoSynth.Runs.Rows;

namespace ConvoSynth.Export.Tests;

/// <summary>Rows as the text of a template, with the spans to learn from.</summary>
public sealed class TextExportTests : IDisposable
{
    private readonly TestRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [EngineTheory]
    [InlineData("json", "[call]{\"name\": \"find\", \"arguments\": {\"id\": \"W17\"}}[/call][end]", "Found 🙂 it.[end]")]
    [InlineData("keys", "<assistant><do find><key>id</key><value>W17</value></do></assistant>", "<assistant>Found 🙂 it.</assistant>")]
    public void Spans_are_the_answers_to_learn_from_in_code_points(string template, string call, string words)
    {
        var row = Talk.Begin()
            .User("Find it 🙂")
            .Call("""{"id":"W17"}""")
            .Agent("Not this.", train: false)
            .User("Why?")
            .Agent("Found 🙂 it.")
            .Row(0);

        var made = Export(template, row);

        var line = made.Lines().Single();
        var spans = line["learn"]!.AsArray().Select(s => Cut((string)line["text"]!, (int)s![0]!, (int)s[1]!)).ToArray();
        spans.Should().Equal(call, words);
        ((string)line["text"]!).Should().Contain("Not this.");
    }

    [EngineFact]
    public void A_template_that_rewrites_earlier_turns_has_no_exact_mask()
    {
        var template = Path.Combine(_runs.Folder, "counts.jinja");
        File.WriteAllText(template, "{{ messages | length }}" + File.ReadAllText(Own("keys")));

        var export = () => Make("text", template, Talk.Begin().User("Hello").Agent("Hi there.").Row(0));

        export.Should().Throw<ExportException>().WithMessage("*1 with a template that rewrites earlier turns*");
    }

    [EngineFact]
    public void Numbers_stand_in_the_text_as_python_prints_them()
    {
        const string Arguments = """{"id":"7310000000000000","a":46.0,"b":[12345678901234567890,1.50],"c":{"d":1e5,"e":1E-7,"f":7}}""";

        var line = Export("json", Talk.Begin().User("Hello").Call(Arguments).Agent("Hi there.").Row(0)).Lines().Single();

        line["text"]!
            .ToString()
            .Should()
            .Contain(
                """{"id": "7310000000000000", "a": 46.0, "b": [12345678901234567890, 1.5], "c": {"d": 100000.0, "e": 1e-07, "f": 7}}"""
            );
    }

    [Theory]
    [InlineData("46.0", "46.0")]
    [InlineData("-0", "0")]
    [InlineData("1e16", "1e+16")]
    [InlineData("123456789012345.5", "123456789012345.5")]
    [InlineData("1234567890123456.5", "1234567890123456.5")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("1E400", "Infinity")]
    [InlineData("99999999999999999999", "99999999999999999999")]
    public void A_number_is_spelled_as_python_spells_it(string number, string spelled) =>
        Templates.PythonNumbers.Spelled(number).Should().Be(spelled);

    [EngineFact]
    public void Text_needs_a_template_and_other_formats_take_its_form()
    {
        var row = Talk.Begin().User("Find it").Call("""{"id":"W17"}""").Agent("Found it.").Row(0);
        var without = () => Make("text", null, row);
        var fixedForm = () => Make("openai", Own("json"), row);

        without.Should().Throw<ExportException>().WithMessage("--to text needs a --template");
        fixedForm.Should().Throw<ExportException>().WithMessage("--template: openai has one form*");
        var arguments = Make("trl", Own("text"), row).Rows().Single()["messages"]![2]!["tool_calls"]![0]!["function"]!["arguments"]!;
        arguments.GetValue<string>().Should().Be("""{"id":"W17"}""");
        Make("trl", Own("json"), row).Rows().Single()["messages"]![2]!["tool_calls"]![0]!["function"]!["arguments"]!["id"]!
            .GetValue<string>()
            .Should()
            .Be("W17");
    }

    private Made Export(string template, ShardRow row) => Make("text", Own(template), row);

    private Made Make(string format, string? template, ShardRow row) =>
        _runs.Make(
            new ExportRequest
            {
                Runs = [_runs.Run(row)],
                Format = format,
                Out = _runs.Out(),
                Template = template,
            }
        );

    private static string Own(string name) => Path.Combine(AppContext.BaseDirectory, "Templates", $"{name}.jinja");

    private static string Cut(string text, int from, int to) =>
        string.Concat(text.EnumerateRunes().Skip(from).Take(to - from).Select(r => r.ToString()));
}
