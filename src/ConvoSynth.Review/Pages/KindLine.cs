using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Tables;

namespace ConvoSynth.Review.Pages;

/// <summary>A kind with what people said of it.</summary>
/// <param name="Decided">The decision on the kind as a whole; null if there is none.</param>
public sealed record KindLine(RowKind Kind, KindRule Rule, Decision? Decided);
