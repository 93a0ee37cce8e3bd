using ConvoSynth.Review.Queues;

namespace ConvoSynth.Review.Pages;

/// <summary>A queue with how many rows wait in it for the reviewer.</summary>
public sealed record QueueLine(ReviewQueue Queue, long Open);
