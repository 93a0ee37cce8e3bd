using System.CommandLine;
using ConvoSynth.Cli.Commands.Cluster;

namespace ConvoSynth.Cli.Commands;

/// <summary>All commands, in the order of the help.</summary>
public static class CommandList
{
    public static IEnumerable<Command> All() =>
        [
            GenerateCommand.Create(),
            ForecastCommand.Create(),
            SpecCommand.Create(),
            ExamplesCommand.Create(),
            SummaryCommand.Create(),
            ShowCommand.Create(),
            ReviewCommand.Create(),
            ReportCommand.Create(),
            DecisionsCommand.Create(),
            PromoteCommand.Create(),
            ExportCommand.Create(),
            InspectCommand.Create(),
            AuditCommand.Create(),
            EnvCommand.Create(),
            GradeCommand.Create(),
            ReplayCommand.Create(),
            ReplayRunCommand.Create(),
            VerifyCommand.Create(),
            CheckDomainCommand.Create(),
            AuditVerifierCommand.Create(),
            JudgesCommand.Create(),
            UsefulnessCommand.Create(),
            PacksCommand.Create(),
            EndpointCommand.Create(),
            SiloCommand.Create(),
            SubmitCommand.Create(),
            StatusCommand.Create(),
            StopCommand.Create(),
            ListCommand.Create(),
            DrainCommand.Create(),
            DoctorCommand.Create(),
        ];
}
