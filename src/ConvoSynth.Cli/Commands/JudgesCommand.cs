using System.CommandLine;

namespace ConvoSynth.Cli.Commands;

/// <summary><c>convosynth judges</c>: what concerns the seats of a committee.</summary>
internal static class JudgesCommand
{
    public static Command Create() => new("judges", "Measure the judges of a run.") { JudgesCalibrateCommand.Create() };
}
