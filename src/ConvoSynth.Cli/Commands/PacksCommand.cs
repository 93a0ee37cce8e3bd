using System.CommandLine;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth packs</c>: what there is, whether it loads, whether it is accepted, and what it yields.</summary>
internal static class PacksCommand
{
    public static Command Create() =>
        new("packs", "List, validate, accept and measure domain packs.")
        {
            PacksListCommand.Create(),
            PacksValidateCommand.Create(),
            PacksAcceptCommand.Create(),
            PacksAcceptCommand.CreateWorker(),
            PacksCoverageCommand.Create(),
        };
}
