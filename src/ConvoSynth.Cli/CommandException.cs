namespace ConvoSynth.Cli;

/// <summary>An error that a person can act on; its message is the whole of what is shown.</summary>
public sealed class CommandException(string message) : Exception(message);
