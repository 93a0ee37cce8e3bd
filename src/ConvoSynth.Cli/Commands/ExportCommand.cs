using System.CommandLine;
using System.Globalization;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Export;
using ConvoSynth.Export.Exports;
using ConvoSynth.Export.Filters;
using ConvoSynth.Export.Privacy;
using ConvoSynth.Export.Renames;
using ConvoSynth.Export.Tokens;
using ConvoSynth.Runs.Specs;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth export RUN… --to FORMAT --out FOLDER</c>: rows in the format of a trainer.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string[]> Runs = new("runs")
    {
        Description = "The run folders; with --check, a file or folder of rows.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description = $"The format: {string.Join("; ", Exporter.Formats.Select(format => $"{format.Name}, {format.About}"))}.",
    };

    private static readonly Option<string?> Out = new("--out") { Description = "The folder to make." };

    private static readonly Option<bool> EachTurn = new("--each-turn")
    {
        Description = "One example for each answer to learn from, in which that answer alone is learned.",
    };

    private static readonly Option<bool> Lossy = new("--lossy")
    {
        Description = "Write examples although the format cannot mask answers that should not be learned (default: they are left out).",
    };

    private static readonly Option<string?> Profile = new("--profile")
    {
        Description = "Rows that meet this profile, accepted or undecided (default: the accepted rows).",
    };

    private static readonly Option<bool> Undecided = new("--undecided") { Description = "Undecided rows as well." };
    private static readonly Option<string[]> Domains = Several("--domain", "Only rows of this domain");
    private static readonly Option<string[]> Intents = Several("--intent", "Only rows of this intent");
    private static readonly Option<string[]> Slices = Several("--slice", "Only rows of this slice");

    private static readonly Option<double?> Near = new("--near-duplicates")
    {
        Description =
            "Leave a row out that shares at least this part of its runs of five words with an earlier row, 0.7 to 1 (default: keep all).",
    };

    private static readonly Option<long?> MostPerIntent = new("--most-per-intent")
    {
        Description = "The most rows of one intent of a domain (default: all).",
    };

    private static readonly Option<long?> Shuffle = new("--shuffle")
    {
        Description = "Write the rows in an order drawn from this seed (default: the order of the runs).",
    };

    private static readonly Option<int?> MaxTokens = new("--max-tokens")
    {
        Description = "Leave examples out that have more tokens, counted by --tokenizer (default: keep all).",
    };

    private static readonly Option<PersonalDataRule> PersonalData = new("--personal-data")
    {
        Description =
            "Look for e-mail addresses, phone, card and identity numbers that no database of the run holds: report counts them, drop "
            + "leaves their rows out as well (default: none, no row is looked at).",
    };

    private static readonly Option<string?> RenameTools = new("--rename-tools")
    {
        Description =
            "Give tools other names: drawn for each dialogue from a seed, or from a file, {\"TOOL\": \"NAME\"} (default: their own).",
    };

    private static readonly Option<double> Validation = new("--validation")
    {
        Description = "The share of worlds, or of families in a run of one world, that go to the validation set, 0 to 0.5 (default 0).",
    };

    private static readonly Option<double> Test = new("--test")
    {
        Description = "The share of worlds, or of families in a run of one world, that go to the test set, 0 to 0.5 (default 0).",
    };

    public static Command Create()
    {
        var command = new Command("export", "Write the rows of runs in the format of a trainer, with what it cannot hold counted.")
        {
            Runs,
            To,
            Out,
            EachTurn,
            Lossy,
            Profile,
            Undecided,
            Domains,
            Intents,
            Slices,
            Near,
            MostPerIntent,
            Shuffle,
            MaxTokens,
            Tokenizing.Tokenizer,
            PersonalData,
            RenameTools,
            Validation,
            Test,
            CommonOptions.NoCheck,
            CommonOptions.Json,
        };
        TemplateChecking.AddTo(command);
        command.SetWork((parsed, cancellationToken) => Task.FromResult(Write(parsed, cancellationToken)));
        return command;
    }

    private static int Write(ParseResult parsed, CancellationToken cancellationToken)
    {
        var paths = parsed.GetValue(Runs)!;
        if (TemplateChecking.IsAsked(parsed))
            return TemplateChecking.Run(parsed, paths, cancellationToken);
        var noCheck = parsed.GetValue(CommonOptions.NoCheck);
        var (format, folder) = (Given(parsed, To, "--to"), Given(parsed, Out, "--out"));
        if (paths.Length == 0)
            throw new CommandException("export needs a run folder");
        var runs = paths.Select(path => RunFolders.OpenExisting(Places.Of(path), noCheck)).ToArray();
        foreach (var run in runs)
            SpecFile.Read(run);
        var report = Exporter.Export(
            new()
            {
                Runs = runs,
                Format = format,
                Out = folder,
                Template = TemplateChecking.TemplateOf(parsed),
                EachTurn = parsed.GetValue(EachTurn),
                Lossy = parsed.GetValue(Lossy),
                Filter = new()
                {
                    Profile = ProfileOf(parsed),
                    Undecided = parsed.GetValue(Undecided),
                    Domains = parsed.GetValue(Domains)!,
                    Intents = parsed.GetValue(Intents)!,
                    Slices = parsed.GetValue(Slices)!,
                },
                Selection = new()
                {
                    NearDuplicate = parsed.GetValue(Near),
                    MostPerIntent = parsed.GetValue(MostPerIntent),
                    Shuffle = parsed.GetValue(Shuffle),
                },
                Limit = LimitOf(parsed),
                PersonalData = parsed.GetValue(PersonalData),
                Renaming = parsed.GetValue(RenameTools) is { } names ? ToolRenaming.Of(names) : null,
                Splits = new SplitShares { ValidationShare = parsed.GetValue(Validation), TestShare = parsed.GetValue(Test) },
            },
            cancellationToken
        );
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(report.ToJson());
        else
            Print(report, folder);
        return 0;
    }

    private static void Print(ExportReport report, string path)
    {
        var records = string.Join(", ", report.Records.Select(split => $"{split.Key} {Number(split.Value)}"));
        var learned = report.LearnedMessages > 0 ? $"; {Number(report.LearnedMessages)} answers to learn from" : "";
        Console.WriteLine($"{path}: {records} of {Number(report.Rows)} rows{learned}");
        Print("left out", report.LeftOut);
        Print("dropped", report.Dropped);
        if (report.PersonalData is { } personal)
            Print(personal);
    }

    private static void Print(PersonalReport personal)
    {
        if (personal.Kinds.Count == 0)
            Console.WriteLine("personal data: none");
        foreach (var (kind, count) in personal.Kinds)
            Console.WriteLine(
                $"personal data, {kind}: {Number(count.Other)} in {Number(count.Rows)} rows; "
                    + $"{Number(count.OfWorld)} more stand in a database or task"
            );
        foreach (var found in personal.Findings.Take(5))
            Console.WriteLine($"  {found.Id}, message {found.Message}: {found.Kind} {found.Shown}");
    }

    private static void Print(string title, IReadOnlyDictionary<string, long> counts)
    {
        if (counts.Count == 0)
            return;
        Console.WriteLine($"{title}:");
        foreach (var (what, count) in counts.OrderByDescending(entry => entry.Value))
            Console.WriteLine($"  {Number(count), 7}  {what}");
    }

    private static string Given(ParseResult parsed, Option<string?> option, string name) =>
        parsed.GetValue(option) ?? throw new CommandException($"export needs {name}, or --check with --template");

    private static TokenLimit? LimitOf(ParseResult parsed)
    {
        var counter = Tokenizing.CounterOf(parsed);
        return (parsed.GetValue(MaxTokens), counter) switch
        {
            (null, null) => null,
            ({ } most, not null) => new(counter, most),
            (not null, null) => throw new CommandException("--max-tokens needs a --tokenizer"),
            _ => throw new CommandException("--tokenizer counts for --max-tokens; give both, or neither"),
        };
    }

    private static string? ProfileOf(ParseResult parsed) =>
        parsed.GetValue(Profile) is { } name ? Profiles.NameOf(CommonOptions.ProfileOf(name, "--profile")) : null;

    private static Option<string[]> Several(string name, string about) =>
        new(name) { Description = $"{about}; may be given several times.", DefaultValueFactory = _ => [] };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
