namespace ConvoSynth.Review.Pages;

/// <summary>What every page needs.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Csrf">The token that a write must bring.</param>
/// <param name="Decided">How many rows this reviewer has decided.</param>
/// <param name="Following">How many dialogues a run in progress has so far; null once it has ended.</param>
public sealed record PageFacts(string Run, string Reviewer, string Csrf, int Decided, long? Following);
