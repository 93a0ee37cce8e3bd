using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Export.Records;
using ConvoSynth.Runs.Setups;
using ConvoSynth.Serve.Audits;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth audit FILE --format FORMAT --domain PACK</c>: executes another program's dialogues again.</summary>
internal static class AuditCommand
{
    private const string Benchmark = "tau-bench";

    private static readonly Argument<string> What = new("path")
    {
        Description = "A file of dialogues (.jsonl, .json, .parquet), or a folder of such files.",
    };

    private static readonly Option<string> Format = new("--format")
    {
        Description = $"The form of the records: {string.Join("; ", RecordForm.All.Select(f => $"{f.Name}, {f.About}"))}.",
        Required = true,
    };

    private static readonly Option<string> Domain = new("--domain") { Description = "The domain pack.", Required = true };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: the database that the dialogues were had on (default: the pack's own).",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "The folder for the records that hold or have a certain repair, with audit.json (default: none).",
    };

    public static Command Create()
    {
        var command = new Command("audit", "Execute the calls of another program's dialogues again, and tell what does not hold.")
        {
            What,
            Format,
            Domain,
            Data,
            Out,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork((parsed, cancellationToken) => Task.FromResult(Audit(parsed, cancellationToken)));
        return command;
    }

    private static int Audit(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (name, data) = (parsed.GetRequiredValue(Format), parsed.GetValue(Data));
        var form =
            RecordForm.Named(name)
            ?? throw new CommandException(
                $"--format is \"{name}\"; it must be one of {string.Join(", ", RecordForm.All.Select(f => f.Name))}"
            );
        var pack = new PackFolders(parsed.GetValue(CommonOptions.Packs)).Load(parsed.GetRequiredValue(Domain), data);
        // A record on a database of its own comes from the benchmark, whose quirks its observations have.
        if (data is not null || form.Name == Benchmark)
            pack = pack.AsBenchmark();
        var report = DatasetAudit.Run(new(parsed.GetRequiredValue(What), form, pack, parsed.GetValue(Out)), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(report.ToJson());
        else
            Print(report, parsed.GetRequiredValue(What), parsed.GetValue(Out));
        return report.Held == report.Records ? 0 : 1;
    }

    private static void Print(AuditReport report, string path, string? folder)
    {
        Console.WriteLine(
            $"{path}: {Number(report.Records)} records, {Number(report.Calls)} calls executed in {report.Domain}; "
                + $"{Number(report.Held)} hold, {Number(report.Records - report.Held)} do not"
        );
        foreach (var (kind, count) in report.Kinds)
        {
            var example = report.Findings.First(f => f.Kind == kind);
            Console.WriteLine($"  {Number(count), 7}  {kind}: {AuditKinds.All.First(k => k.Name == kind).About}");
            var where = RecordSource.IsOfLines(example.File) ? "line" : "record";
            Console.WriteLine(
                $"           {example.File}, {where} {example.Line}{(example.Field.Length > 0 ? $", {example.Field}" : "")}: "
                    + VisibleText.Of(example.What)
            );
        }

        if (report.Held == report.Records)
            return;
        Console.WriteLine($"{Number(report.Repaired)} have a certain repair{(folder is null ? "" : $", and stand repaired in {folder}")}");
        if (report.Dropped.Count > 0)
            Console.WriteLine(
                $"{(folder is null ? "without one" : "dropped")}: "
                    + string.Join(", ", report.Dropped.Select(d => $"{Number(d.Value)} for {d.Key}"))
            );
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
