namespace ConvoSynth.Review;

/// <summary>Something that a reviewer asked for and that cannot be; its message is one sentence for a person.</summary>
public sealed class ReviewException(string message) : Exception(message);
