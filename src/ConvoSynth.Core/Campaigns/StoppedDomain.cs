namespace ConvoSynth.Core.Campaigns;

/// <summary>A domain with a fault of its environment: later indexes of the domain are not worth playing.</summary>
/// <param name="Index">The index whose dialogue showed the fault.</param>
/// <param name="Reason">What was wrong.</param>
public sealed record StoppedDomain(string Domain, long Index, string Reason);
