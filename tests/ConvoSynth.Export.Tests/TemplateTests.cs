using System.Text.Json.Nodes;
using ConvoSynth.Export.Templates;
using Xunit.Abstractions;

namespace ConvoSynth.Export.Tests;

/// <summary>Rows through templates: of this folder, and of real models where a folder of them is named.</summary>
public sealed class TemplateTests(ITestOutputHelper output) : IDisposable
{
    // As ggml-org/llama.cpp names them under models/templates.
    private static readonly string[] Families =
    [
        "Qwen-Qwen3-0.6B",
        "Qwen3.5-4B",
        "Qwen3-Coder",
        "meta-llama-Llama-3.1-8B-Instruct",
        "Mistral-Small-3.2-24B-Instruct-2506",
        "deepseek-ai-DeepSeek-V3.2",
        "llama-cpp-deepseek-r1",
        "GLM-4.6",
        "google-gemma-4-31B-it",
        "openai-gpt-oss-120b",
        "NousResearch-Hermes-3-Llama-3.1-8B-tool_use",
        "moonshotai-Kimi-K2",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("convosynth-templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [EngineFact]
    public void Good_rows_come_whole_through_templates_that_take_objects()
    {
        var report = Check(Damaged.Good(), Own("json"), Own("keys"));

        report.Templates.Select(t => t.Whole).Should().Equal([4, 4], Told(report));
        report.IsWhole.Should().BeTrue();
    }

    [EngineFact]
    public void Each_planted_damage_is_found()
    {
        foreach (var damaged in Damaged.All)
        {
            var report = Check([Planted(damaged)], true, [Own("json"), Own("keys")]);

            report
                .Templates.Should()
                .OnlyContain(
                    t => t.Kinds.Keys.Intersect(damaged.Kinds).Any() || Takes(report, t, damaged),
                    $"{damaged.Name}: {Told(report)}"
                );
        }
    }

    [EngineTheory]
    [InlineData("message.tool_calls or []", "(message.tool_calls or [])[:1]", true, DamageKinds.ParallelLost)]
    [InlineData(
        "{{- message.content }}\n{%- for",
        "{{- '' if message.tool_calls else message.content }}\n{%- for",
        true,
        DamageKinds.TextBesideLost
    )]
    [InlineData("{%- for call in message.tool_calls or [] %}", "{%- for call in [] %}", false, DamageKinds.CallLost)]
    [InlineData("call.function.arguments | tojson", "'see above' | tojson", false, DamageKinds.ArgumentsLost)]
    [InlineData("{{- message.content }}[end]", "[end]", false, DamageKinds.ObservationLost)]
    [InlineData("{{ tool.function | tojson }}", "{{ tool.function.name }}", false, DamageKinds.ToolLost)]
    [InlineData("{%- if tools %}", "{%- if tool_list %}", false, DamageKinds.ToolLost)]
    [InlineData("[end]", "[end]<|turn|>", false, DamageKinds.SpecialToken)]
    public void What_a_template_swallows_is_found(string from, string to, bool twoCalls, string kind)
    {
        var source = File.ReadAllText(Own("json"));
        var template = Path.Combine(_folder, "other.jinja");
        File.WriteAllText(template, source.Replace(from, to, StringComparison.Ordinal));
        var row = Damaged.Good().First();
        var messages = row["messages"]!.AsArray();
        if (twoCalls)
        {
            messages[2]!["content"] = "I look at both of your orders.";
            var calls = messages[2]!["tool_calls"]!.AsArray();
            calls.Add(JsonNode.Parse(calls[0]!.ToJsonString().Replace("W17", "W18", StringComparison.Ordinal)));
            messages.Insert(4, messages[3]!.DeepClone());
        }

        if (kind == DamageKinds.SpecialToken)
            messages[3]!["content"] = "found <|turn|>";

        Check([row], Own("json")).IsWhole.Should().BeTrue();
        var report = Check([row], template);

        report.Templates[0].Kinds.Keys.Should().Contain(kind, Told(report));
    }

    [EngineFact]
    public void The_matrix_tells_which_forms_a_template_takes()
    {
        var report = TemplateCheck.Run(new(null, [Own("json"), Own("text")], Parsed: false, Matrix: true), CancellationToken.None);

        var json = report.Matrix[Own("json")];
        json.Where(c => c.Value != "ok")
            .Select(c => $"{c.Key}: {c.Value}")
            .Should()
            .Equal(
                $"text: {DamageKinds.ArgumentsTwice}",
                $"empty text: {DamageKinds.ArgumentsTwice}",
                $"no arguments: {DamageKinds.Refused}: Object of type Undefined is not JSON serializable",
                $"content null: {DamageKinds.NonePrinted}"
            );
        var text = report.Matrix[Own("text")];
        text["text"].Should().Be("ok");
        text["object"].Should().NotBe("ok");
    }

    [EngineFact]
    public void Texts_are_those_of_python_for_what_is_nothing_true_or_a_list()
    {
        var file = Path.Combine(_folder, "values.jinja");
        File.WriteAllText(
            file,
            "{{ messages[0].a }}|{{ messages[0].b }}|{{ messages[0].b | string }}|{{ messages[0].c | string }}|{{ 'x' ~ none }}"
        );
        using var engine = new TemplateEngine();

        var text = new ChatTemplate(engine, TemplateFile.Read(file)).Render(
            JsonNode.Parse("""[{"a": null, "b": true, "c": {"d": ["e", null]}}]""")!.AsArray(),
            null
        );

        text.Text.Should().Be("None|True|True|{'d': ['e', None]}|xNone");
    }

    [FamiliesFact]
    public void Good_rows_come_whole_through_the_templates_of_real_models()
    {
        var report = Check(Damaged.Good(), Real());

        report.Templates.Should().HaveCountGreaterThanOrEqualTo(10);
        report.IsWhole.Should().BeTrue(Told(report));
    }

    [FamiliesFact]
    public void Each_planted_damage_is_found_by_the_templates_of_real_models()
    {
        var planted = 0;
        var matrix = TemplateCheck.Run(new(null, Real(), Parsed: false, Matrix: true), CancellationToken.None);
        foreach (var damaged in Damaged.All)
        {
            var report = Check([Planted(damaged)], Real());
            foreach (var result in report.Templates.Where(t => !Takes(matrix, t, damaged)))
            {
                planted++;
                result.Kinds.Keys.Intersect(damaged.Kinds).Should().NotBeEmpty($"{result.Template}, {damaged.Name}: {Told(report)}");
            }
        }

        output.WriteLine($"{planted} planted, all found");
    }

    private static string Own(string name) => Path.Combine(AppContext.BaseDirectory, "Templates", $"{name}.jinja");

    private static string[] Real() =>
        [.. Families.Select(f => Path.Combine(FamiliesFactAttribute.Folder!, $"{f}.jinja")).Where(File.Exists)];

    private static JsonObject Planted(Damaged damaged)
    {
        var row = Damaged.Good().First();
        damaged.Plant(row);
        return row;
    }

    // A template may take a form that hurts others: its cell of the matrix says so.
    private static bool Takes(TemplateReport report, TemplateResult result, Damaged damaged) =>
        damaged.Form is { } form && report.Matrix[result.Template][form] == "ok";

    private TemplateReport Check(IEnumerable<JsonObject> rows, params string[] templates) => Check(rows, false, templates);

    private TemplateReport Check(IEnumerable<JsonObject> rows, bool matrix, string[] templates)
    {
        var file = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllLines(file, rows.Select(r => r.ToJsonString()));
        return TemplateCheck.Run(new(file, templates, Parsed: false, matrix), CancellationToken.None);
    }

    private static string Told(TemplateReport report) =>
        string.Join(
            "; ",
            report.Templates.Select(t =>
                $"{Path.GetFileName(t.Template)} {string.Join(", ", t.Examples.Select(e => $"{e.Kind} {e.Field} {e.What}"))}"
            )
        );
}
