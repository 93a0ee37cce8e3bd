namespace ConvoSynth.Serve.Episodes;

/// <summary>The human has no fit message in time; the episode ends without a reward.</summary>
internal sealed class HumanLostException(string reason) : Exception(reason);
