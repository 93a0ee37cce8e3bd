using System.CommandLine;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Runs.Setups;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs validate</c>: loads packs and prints every error as <c>file:line: reason</c>.</summary>
internal static class PacksValidateCommand
{
    private static readonly Argument<string[]> Domains = new("domain")
    {
        Description = "The packs to validate; all where none is named.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var command = new Command("validate", "Load packs and print every fault with its file and line.")
        {
            Domains,
            CommonOptions.Packs,
            CommonOptions.Json,
        };
        command.SetWork((parsed, _) => Task.FromResult(Validate(parsed)));
        return command;
    }

    private static int Validate(ParseResult parsed)
    {
        var folders = new PackFolders(parsed.GetValue(CommonOptions.Packs));
        var json = parsed.GetValue(CommonOptions.Json);
        var named = parsed.GetValue(Domains) ?? [];
        var entries = new List<Json>();
        var sound = true;
        foreach (var name in named.Length > 0 ? named : folders.Names())
        {
            var folder = folders.FolderOf(name);
            var faults = new List<PackDiagnostic>();
            var pack = PackLoading.TryLoad(folder, null, faults);
            if (pack is null && faults.Count == 0)
                faults.Add(new("", 0, "the pack does not load, and gives no reason"));
            sound &= faults.Count == 0;
            entries.Add(
                Json.Map(
                    ("name", name),
                    ("faults", Json.List(faults.Select(f => (Json)Json.Map(("file", f.File), ("line", f.Line), ("reason", f.Reason)))))
                )
            );
            if (json)
                continue;
            if (faults.Count == 0)
                Console.WriteLine($"{name}: sound");
            foreach (var fault in faults)
                Console.WriteLine(Path.Combine(folder, fault.ToString()));
        }

        if (entries.Count == 0)
            throw new CommandException($"there is no pack in {folders.Root}");
        if (json)
            Console.WriteLine(Json.List(entries).ToString());
        return sound ? 0 : 1;
    }
}
