namespace ConvoSynth.Runs;

/// <summary>A run cannot be made, resumed or read, for a reason that a person can act on; only the message is shown.</summary>
public sealed class RunException(string message) : Exception(message);
