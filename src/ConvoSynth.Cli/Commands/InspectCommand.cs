using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Cli.Tables;
using ConvoSynth.Export.Inspections;
using ConvoSynth.ObjectStorage;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth inspect DIR|FILE</c>: what a run, an export or another file of training data holds.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> What = new("path")
    {
        Description = "A run, the folder of an export, or a file (.jsonl, .json, .parquet), of this program or another.",
    };

    private static readonly Option<int> Samples = new("--samples")
    {
        Description = "Show so many of the first records, cut to 600 characters.",
        DefaultValueFactory = _ => 1,
    };

    public static Command Create()
    {
        var command = new Command("inspect", "Show the schema, counts, lengths, tools and samples of training data.")
        {
            What,
            Samples,
            Tokenizing.Tokenizer,
            CommonOptions.NoCheck,
            CommonOptions.Json,
        };
        command.SetWork((parsed, _) => Task.FromResult(Inspect(parsed)));
        return command;
    }

    private static int Inspect(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(What);
        var samples = parsed.GetValue(Samples);
        if (samples is < 0 or > 100)
            throw new CommandException($"--samples is {samples}; it must be from 0 to 100");
        var counter = Tokenizing.CounterOf(parsed);
        var isRun = ObjectPlaces.IsAddress(path) || File.Exists(Path.Combine(path, SpecFile.Name));
        var found = isRun
            ? Inspection.Of(RunFolders.OpenExisting(Places.Of(path), parsed.GetValue(CommonOptions.NoCheck)), samples, counter)
            : Inspection.Of(path, samples, counter);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(found.ToJson());
        else
            Print(found);
        return 0;
    }

    private static void Print(Inspection found)
    {
        Console.WriteLine(
            $"{found.Path}: {Number(found.Records)} records in {found.Files.Count} {(found.Files.Count == 1 ? "file" : "files")}"
        );
        Console.WriteLine("fields:");
        foreach (var field in found.Fields)
        {
            var types = string.Join(", ", field.Types.Select(t => field.Types.Count == 1 ? t.Key : $"{t.Key} {Number(t.Value)}"));
            Console.WriteLine($"  {VisibleText.Of(field.Name)}: {types}{(field.Absent > 0 ? $"; absent in {Number(field.Absent)}" : "")}");
        }

        foreach (var (field, spread) in found.Messages)
            Console.WriteLine($"messages in {field}: {Text(spread)} a record");
        if (found.Roles.Count > 0)
            Console.WriteLine($"roles: {string.Join(", ", found.Roles.Select(r => $"{VisibleText.Of(r.Key)} {Number(r.Value)}"))}");
        if (found.Characters is { } characters)
            Console.WriteLine($"characters: {Text(characters)} a record");
        if (found.Tokens is { } tokens)
            Console.WriteLine(
                $"tokens of {tokens.Tokenizer}: median {Number(tokens.Median)}, "
                    + $"90 % up to {Number(tokens.Most90)}, at most {Number(tokens.Most)}"
            );
        if (found.Tools.Count > 0)
            Console.WriteLine($"tools: {found.Tools.Count(t => t.Called > 0)} of {found.Tools.Count} are called");
        foreach (var tool in found.Tools)
            Console.WriteLine(
                $"  {VisibleText.Of(tool.Name)}: offered in {Number(tool.Offered)} records, called {Number(tool.Called)} times"
            );
        foreach (var sample in found.Samples)
            Console.WriteLine($"sample: {VisibleText.Of(sample)}");
    }

    private static string Text(Spread spread) =>
        $"{Number(spread.Least)} to {Number(spread.Most)}, median {Number(spread.Median)}, 95 % up to {Number(spread.Most95)}";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
