using System.CommandLine;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Overlaps;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs overlap</c>: which sampled tasks repeat tasks of a benchmark.</summary>
internal static class PacksOverlapCommand
{
    private static readonly Option<string> Domain = new("--domain") { Description = "The domain pack.", Required = true };
    private static readonly Option<string[]> With = new("--with")
    {
        Description = "A file of a benchmark's tasks (tau-bench, tau2-bench, BFCL); may be given several times.",
        Required = true,
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder of <table>.json: another database of the pack's shape.",
    };
    private static readonly Option<long> Count = new("--count")
    {
        Description = "How many tasks to sample, 1 to 10000000.",
        DefaultValueFactory = _ => 2000,
    };
    private static readonly Option<long> Seed = new("--seed") { Description = "The seed, as of a run.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var command = new Command(
            "overlap",
            "Sample tasks and list those that repeat a task of a benchmark: by their words, by their calls, or by the rows that they are "
                + "about. A run leaves them out with --exclude-tasks."
        )
        {
            Domain,
            With,
            Data,
            Count,
            Seed,
            CommonOptions.Combined,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork((parsed, cancellationToken) => Task.FromResult(List(parsed, cancellationToken)));
        return command;
    }

    private static int List(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (domain, count) = (parsed.GetRequiredValue(Domain), parsed.GetValue(Count));
        if (count is < 1 or > 10_000_000)
            throw new CommandException($"--count is {count}; it must be from 1 to 10000000");
        var known = new KnownTasks(
            KnownTaskFile.Read([.. parsed.GetRequiredValue(With).Select(f => CommonOptions.ExistingFile(f, "--with"))])
        );
        var pack = new PackFolders(parsed.GetValue(CommonOptions.Packs)).Load(domain, parsed.GetValue(Data));
        var sampler = new BlueprintSampler(pack);
        var (seed, combined) = (new Seed((ulong)parsed.GetValue(Seed)), CommonOptions.CombinedOf(parsed));
        var hits = Enumerable
            .Range(0, (int)count)
            .AsParallel()
            .AsOrdered()
            .WithCancellation(cancellationToken)
            .Select(i => (Index: i, Overlap: Sampled(sampler, seed, i, combined) is { } task ? known.Find(task) : null))
            .Where(h => h.Overlap is not null)
            .ToArray();
        if (parsed.GetValue(CommonOptions.Json))
        {
            var list = Json.List(
                hits.Select(h => (Json)Json.Map(("index", h.Index), ("repeats", h.Overlap!.KnownId), ("why", h.Overlap.Why)))
            );
            Console.WriteLine(Json.Map(("sampled", count), ("known", known.Count), ("hits", list)).ToString());
            return 0;
        }

        foreach (var (index, overlap) in hits)
            Console.WriteLine($"task {index} repeats {overlap!.KnownId} in {overlap.Why}");
        Console.WriteLine($"{hits.Length} of {count} tasks of {domain} repeat one of {known.Count} known tasks");
        return 0;
    }

    private static Blueprint? Sampled(BlueprintSampler sampler, Seed seed, long index, double combined)
    {
        try
        {
            return sampler.Sample(seed, index, combined);
        }
        catch (BlueprintException)
        {
            return null; // The plain coverage names these.
        }
    }
}
