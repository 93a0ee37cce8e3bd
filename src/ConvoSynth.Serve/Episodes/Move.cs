using ConvoSynth.Serve.Tasks;

namespace ConvoSynth.Serve.Episodes;

/// <summary>What is wrong with a call as a call, whatever the tool would have done.</summary>
internal enum MoveFault
{
    UnknownTool,
    Arguments,
}

/// <summary>The environment's answer to a move of the agent.</summary>
/// <param name="Text">The observation, or the human's words without a closing mark; empty if the human has no more to say.</param>
/// <param name="Fault">Null for a well-formed call, whatever the tool returned.</param>
internal readonly record struct Move(string Text, MoveFault? Fault)
{
    private const string Refused = "Error: invalid arguments: ";

    /// <summary>The text without the mark of an error.</summary>
    public string Message => Text.StartsWith("Error: ", StringComparison.Ordinal) ? Text["Error: ".Length..] : Text;

    public static MoveFault? FaultOf(ServedTask task, string tool, string text) =>
        !task.Tools.Contains(tool) ? MoveFault.UnknownTool
        : text.StartsWith(Refused, StringComparison.Ordinal) ? MoveFault.Arguments
        : null;
}

/// <summary>A move after the end of its episode.</summary>
internal sealed class EpisodeOverException() : Exception("the episode is done; begin another one");
