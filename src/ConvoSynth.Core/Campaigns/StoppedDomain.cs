namespace ConvoSynth.Core;

/// <summary>A domain whose environment was at fault: behind that index nothing of it is worth a dialogue.</summary>
/// <param name="Domain">The domain's name.</param>
/// <param name="Index">The index whose dialogue showed it.</param>
/// <param name="Reason">What was wrong there.</param>
public sealed record StoppedDomain(string Domain, long Index, string Reason);
