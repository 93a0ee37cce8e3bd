namespace ConvoSynth.Serve;

/// <summary>An environment that cannot be served, or a rollout that cannot be graded; the message is one sentence for a person.</summary>
public sealed class ServeException(string message) : Exception(message);
