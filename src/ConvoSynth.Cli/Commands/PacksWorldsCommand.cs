using System.CommandLine;
using ConvoSynth.Cli.Coverage;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Worlds;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs worlds</c>: makes and checks the worlds of a run, and counts how different they are.</summary>
internal static class PacksWorldsCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The domain pack." };
    private static readonly Option<int> Count = new("--count")
    {
        Description = "How many worlds, 1 to 10000.",
        DefaultValueFactory = _ => 20,
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "The seed of the run whose worlds they are.",
        DefaultValueFactory = _ => 1,
    };

    public static Command Create()
    {
        var command = new Command(
            "worlds",
            "Make the worlds of a run without any dialogue, check each as a run does, and count how different their names, parameters and "
                + "guards are."
        )
        {
            Name,
            Count,
            Seed,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork((parsed, cancellationToken) => Task.FromResult(Measure(parsed, cancellationToken)));
        return command;
    }

    private static int Measure(ParseResult parsed, CancellationToken cancellationToken)
    {
        var count = parsed.GetValue(Count);
        if (count is < 1 or > 10_000)
            throw new CommandException($"--count is {count}; it must be from 1 to 10000");
        var pack = new PackFolders(parsed.GetValue(CommonOptions.Packs)).Load(parsed.GetRequiredValue(Name));
        var worlds = new PackWorlds(pack, new((ulong)parsed.GetValue(Seed)));
        var figures = new WorldFigures();
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            figures.Add(worlds.Numbered(i), worlds.ReportOf(i));
        }

        if (parsed.GetValue(CommonOptions.Json))
            Console.WriteLine(WorldText.ToJson(pack.Name, figures).ToString());
        else
            WorldText.Print(pack.Name, figures);
        return 0;
    }
}
