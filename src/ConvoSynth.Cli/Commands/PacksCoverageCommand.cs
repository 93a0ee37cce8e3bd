using System.CommandLine;
using ConvoSynth.Cli.Coverage;
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
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork((parsed, cancellationToken) => Task.FromResult(Cover(parsed, cancellationToken)));
        return command;
    }

    private static int Cover(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (domain, count) = (parsed.GetRequiredValue(Domain), parsed.GetValue(Count));
        if (count is < 1 or > 1_000_000)
            throw new CommandException($"--count is {count}; it must be from 1 to 1000000");
        var pack = new PackFolders(parsed.GetValue(CommonOptions.Packs)).Load(domain, parsed.GetValue(Data));
        if (pack.Intents.Count == 0)
            throw new CommandException($"the pack {domain} has no intents, so nothing can be sampled from it");
        var coverage = PackCoverage.Measure(pack, count, parsed.GetValue(Seed), cancellationToken);
        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(CoverageText.ToJson(domain, coverage).ToString());
        else
            CoverageText.Print(domain, coverage);
        return coverage.IsSound ? 0 : 1;
    }
}
