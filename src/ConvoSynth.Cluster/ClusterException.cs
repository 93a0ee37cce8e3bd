namespace ConvoSynth.Cluster;

/// <summary>A cluster cannot be joined, asked or used, for a reason that a person can act on; only the message is shown.</summary>
public sealed class ClusterException(string message) : Exception(message);
