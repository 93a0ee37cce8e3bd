using System.CommandLine;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs</c>: lists packs, loads them, tests their acceptance, and measures what they yield.</summary>
internal static class PacksCommand
{
    public static Command Create() =>
        new("packs", "List, copy, validate, accept and measure domain packs.")
        {
            PacksListCommand.Create(),
            PacksValidateCommand.Create(),
            PacksNewCommand.Create(),
            PacksAcceptCommand.Create(),
            PacksAcceptCommand.CreateWorker(),
            PacksCoverageCommand.Create(),
            PacksWorldsCommand.Create(),
            PacksOverlapCommand.Create(),
        };
}
