using System.CommandLine;
using ConvoSynth.Cli.Hosting;
using ConvoSynth.ObjectStorage;
using ConvoSynth.Runs.Promises;

namespace ConvoSynth.Cli.Commands.Cluster;

/// <summary><c>convosynth doctor</c>: whether a folder or an object store keeps what runs rely on, tried from two processes.</summary>
internal static class DoctorCommand
{
    private static readonly Option<string> Runs = new("--runs")
    {
        Description = "The folder of the runs, or its address in an object store.",
        Required = true,
    };

    // The command's own second process.
    private static readonly Option<bool> IsPartner = new("--partner") { Hidden = true };

    public static Command Create()
    {
        var command = new Command(
            "doctor",
            "Try whether a folder keeps what runs rely on: exclusive creation, renames, locks, syncs, and that a process sees what another "
                + "wrote; in an object store, creation if absent, compare-and-append, and uploads. Two processes of this machine take part."
                + " It fails if a promise is broken."
        )
        {
            Runs,
            IsPartner,
        };
        command.SetWork((parsed, _) => Run(parsed));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed)
    {
        var root = parsed.GetRequiredValue(Runs);
        var place = Places.Of(root);
        if (parsed.GetValue(IsPartner))
        {
            using var disk = new Partner();
            await Partner.Serve(
                Console.In,
                Console.Out,
                ObjectPlaces.IsAddress(root) ? new StorePartner(place.Storage, TimeProvider.System).Answer : disk.Answer
            );
            return 0;
        }

        if (!ObjectPlaces.IsAddress(root) && !Directory.Exists(root))
            throw new CommandException($"there is no folder {root}; make it, or mount it, and name it with --runs");
        using var partner = Partnered(["doctor", "--runs", root, "--partner"]);
        var promises = ObjectPlaces.IsAddress(root)
            ? new StoreExam(place.Storage, place.Path, partner, TimeProvider.System).Examine()
            : new FolderExam(root, partner, TimeProvider.System).Examine();
        var broken = 0;
        await foreach (var promise in promises)
        {
            Console.WriteLine($"{(promise.IsKept ? "ok    " : "BROKEN")} {promise.Name}: {promise.Detail}");
            broken += promise.IsKept ? 0 : 1;
        }

        return broken == 0 ? 0 : 1;
    }

    // The tool and the published program are executables of their own; elsewhere, dotnet runs the assembly.
    private static PartnerProcess Partnered(string[] arguments)
    {
        var assembly = typeof(DoctorCommand).Assembly;
        return Environment.ProcessPath is { } program && Path.GetFileNameWithoutExtension(program) == assembly.GetName().Name
            ? new(program, arguments)
            : new("dotnet", [assembly.Location, .. arguments]);
    }
}
