using System.CommandLine;

namespace ConvoSynth.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string?> Packs { get; } = new("--packs") { Description = "The folder of domain packs (default: blueprints in the working folder, else the ones beside the program)." };

    public static Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON, for machines." };
}
