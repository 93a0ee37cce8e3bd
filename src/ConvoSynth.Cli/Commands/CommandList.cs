using System.CommandLine;

namespace ConvoSynth.Cli.Commands;

/// <summary>All commands, in the order of the help.</summary>
public static class CommandList
{
    public static IEnumerable<Command> All() =>
        [
            GenerateCommand.Create(),
            ForecastCommand.Create(),
            SummaryCommand.Create(),
            ShowCommand.Create(),
            ReplayCommand.Create(),
            ReplayRunCommand.Create(),
            VerifyCommand.Create(),
            CheckDomainCommand.Create(),
            AuditVerifierCommand.Create(),
            PacksCommand.Create(),
            EndpointCommand.Create(),
        ];
}
