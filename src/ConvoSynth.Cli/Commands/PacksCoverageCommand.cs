using System.CommandLine;
using ConvoSynth.Cli.Audits;
using ConvoSynth.Cli.Coverage;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Domains.Checking;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs coverage</c>: samples blueprints and measures their composition.</summary>
internal static class PacksCoverageCommand
{
    private static readonly Option<string> Domain = new("--domain") { Description = "The domain pack.", Required = true };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: another database of the pack's shape.",
    };
    private static readonly Option<long> Count = new("--count")
    {
        Description = "How many blueprints to sample, 1 to 1000000.",
        DefaultValueFactory = _ => 2000,
    };
    private static readonly Option<long> Seed = new("--seed") { Description = "The seed, as of a run.", DefaultValueFactory = _ => 1 };

    private static readonly Option<long?> Variety = new("--variety")
    {
        Description =
            "Instead, sample so many tasks, 1 to 10000000, and count how different they are by what their gold does: sequences of tools, "
            + "multisets of writes, canonical plans.",
    };
    private static readonly Option<int?> Draw = new("--draw")
    {
        Description = "With --variety: also the mean over up to 30 draws of so many tasks, from 1 (default: as many as --beside has).",
    };
    private static readonly Option<string?> Beside = new("--beside")
    {
        Description = "With --variety: a JSON file of tasks, as of check-domain, that is counted in the same way.",
    };

    private static readonly Option<int> Worlds = new("--worlds")
    {
        Description = "With --variety: how many databases the tasks are about, 0 to 10000; 0 or 1: the pack's own.",
        DefaultValueFactory = _ => 0,
    };

    public static Command Create()
    {
        var command = new Command(
            "coverage",
            "Sample blueprints without any dialogue, count what they cover, and try that no wrong way passes."
        )
        {
            Domain,
            Data,
            Count,
            Seed,
            CommonOptions.Combined,
            CommonOptions.Slices,
            Variety,
            Draw,
            Beside,
            Worlds,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork(Cover);
        return command;
    }

    private static async Task<int> Cover(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (domain, count) = (parsed.GetRequiredValue(Domain), parsed.GetValue(Count));
        if (count is < 1 or > 1_000_000)
            throw new CommandException($"--count is {count}; it must be from 1 to 1000000");
        var pack = new PackFolders(parsed.GetValue(CommonOptions.Packs)).Load(domain, parsed.GetValue(Data));
        if (pack.Intents.Count == 0)
            throw new CommandException($"the pack {domain} has no intents, so nothing can be sampled from it");
        if (parsed.GetValue(Variety) is { } many)
            return Vary(parsed, pack, many, cancellationToken);
        if (CommonOptions.SlicesOf(parsed) is { } shares)
            return await Slice(parsed, pack, shares, cancellationToken);
        if (parsed.GetValue(Draw) is not null || parsed.GetValue(Beside) is not null || parsed.GetValue(Worlds) != 0)
            throw new CommandException("--draw, --beside and --worlds go with --variety N; say how many tasks to sample");
        var coverage = PackCoverage.Measure(pack, count, parsed.GetValue(Seed), CommonOptions.CombinedOf(parsed), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(CoverageText.ToJson(domain, coverage).ToString());
        else
            CoverageText.Print(domain, coverage);
        return coverage.IsSound ? 0 : 1;
    }

    private static async Task<int> Slice(ParseResult parsed, Pack pack, SliceShares shares, CancellationToken cancellationToken)
    {
        var source = new RehearsedDialogues(pack, parsed.GetValue(Seed), CommonOptions.CombinedOf(parsed));
        var lines = await SliceMeasure.Of(source, pack, shares, parsed.GetValue(Count), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(SliceText.ToJson(pack.Name, lines).ToString());
        else
            SliceText.Print(pack.Name, lines);
        return lines.All(l => l.IsSound) ? 0 : 1;
    }

    private static int Vary(ParseResult parsed, Pack pack, long count, CancellationToken cancellationToken)
    {
        if (count is < 1 or > 10_000_000)
            throw new CommandException($"--variety is {count}; it must be from 1 to 10000000");
        if (parsed.GetValue(Draw) is < 1)
            throw new CommandException($"--draw is {parsed.GetValue(Draw)}; it must be 1 or more");
        var worlds = parsed.GetValue(Worlds);
        if (worlds is < 0 or > 10_000)
            throw new CommandException($"--worlds is {worlds}; it must be from 0 to 10000");
        if (worlds > 1 && parsed.GetValue(Data) is { } data)
            throw new CommandException($"{worlds} worlds are wanted, and {data} is one database; leave out one of the two");
        var beside = parsed.GetValue(Beside) is { } file ? TaskFile.Read(CommonOptions.ExistingFile(file, "--beside")) : [];
        var seed = parsed.GetValue(Seed);
        var measure = VarietyMeasure.Of(
            pack,
            new(count, seed, CommonOptions.CombinedOf(parsed), worlds),
            parsed.GetValue(Draw),
            beside,
            cancellationToken
        );
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(VarietyText.ToJson(pack.Name, seed, measure).ToString());
        else
            VarietyText.Print(pack.Name, seed, measure);
        return 0;
    }
}
