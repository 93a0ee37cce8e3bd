using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Export.Records;
using ConvoSynth.Export.Templates;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>export --check FILES --template FILE…</c>: what chat templates make of rows.</summary>
internal static class TemplateChecking
{
    private static readonly Option<bool> Check = new("--check")
    {
        Description = "Write nothing: render the rows of files by --template, and find calls, arguments, observations and tools again.",
    };

    private static readonly Option<string[]> Templates = new("--template")
    {
        Description =
            "A chat template (.jinja), or a tokenizer_config.json with one: --to text renders it; "
            + "trl, unsloth and nemo-rl take its form. "
            + "With --check also a folder of .jinja, and several times.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> Matrix = new("--matrix")
    {
        Description = "With --check: print what each template makes of each form of arguments and content.",
    };

    private static readonly Option<bool> Parsed = new("--parsed")
    {
        Description = "With --check: parse arguments that are texts and drop nulls before rendering, as Axolotl does.",
    };

    public static void AddTo(Command command)
    {
        command.Add(Check);
        command.Add(Templates);
        command.Add(Matrix);
        command.Add(Parsed);
    }

    /// <summary>The template of an export; null if none is given.</summary>
    /// <exception cref="CommandException">There are several.</exception>
    public static string? TemplateOf(ParseResult parsed) =>
        parsed.GetValue(Templates) is { Length: > 1 }
            ? throw new CommandException("an export takes one --template; --check takes several")
            : parsed.GetValue(Templates)!.FirstOrDefault();

    public static bool IsAsked(ParseResult parsed) => parsed.GetValue(Check);

    public static int Run(ParseResult parsed, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var templates = parsed.GetValue(Templates)!;
        var matrix = parsed.GetValue(Matrix);
        if (templates.Length == 0)
            throw new CommandException("--check needs a --template: a file of Jinja, a tokenizer_config.json, or a folder of .jinja");
        if (paths.Count > 1 || (paths.Count == 0 && !matrix))
            throw new CommandException("--check takes one file or folder of rows, or --matrix alone");
        var report = TemplateCheck.Run(
            new(paths is [var path] ? path : null, templates, parsed.GetValue(Parsed), matrix),
            cancellationToken
        );
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(report.ToJson());
        else
            Print(report);
        return report.IsWhole ? 0 : 1;
    }

    private static void Print(TemplateReport report)
    {
        foreach (var result in report.Templates)
        {
            Console.WriteLine($"{result.Template}: {Number(result.Whole)} of {Number(result.Rows)} rows come whole");
            foreach (var example in result.Examples)
            {
                Console.WriteLine(
                    $"  {Number(result.Kinds[example.Kind]), 7}  {example.Kind}: {DamageKinds.All.First(k => k.Name == example.Kind).About}"
                );
                var where = RecordSource.IsOfLines(example.File) ? "line" : "record";
                var field = example.Field.Length > 0 ? $", {example.Field}" : "";
                Console.WriteLine($"           {example.File}, {where} {example.Line}{field}: {VisibleText.Of(example.What)}");
            }
        }

        foreach (var (template, cells) in report.Matrix)
        {
            Console.WriteLine($"{template}:");
            foreach (var (form, cell) in cells)
                Console.WriteLine($"  {form, -14} {cell}");
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
