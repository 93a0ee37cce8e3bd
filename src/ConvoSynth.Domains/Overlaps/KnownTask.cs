using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Domains.Overlaps;

/// <summary>A call that a task of a benchmark expects.</summary>
public sealed record KnownCall(string Tool, Json Arguments);

/// <summary>A task of a benchmark, which training data must not hold.</summary>
/// <param name="Id">As the file has it.</param>
/// <param name="Text">What its human is told or says.</param>
/// <param name="Calls">The expected calls, in order; empty if the file has none.</param>
public sealed record KnownTask(string Id, string Text, ImmutableArray<KnownCall> Calls);
