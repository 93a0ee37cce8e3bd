using ConvoSynth.Core.Blueprints;

namespace ConvoSynth.Domains.Proposals;

/// <summary>Why two tasks of one person are no task together.</summary>
/// <param name="Kind"><c>form</c>, <c>person</c>, <c>guard</c>, <c>error</c>, <c>undone</c>, <c>answer</c>, <c>refusal</c> or
/// <c>task</c>.</param>
/// <param name="Message">The calls or values that hinder each other, in a sentence.</param>
public sealed record RecombinationConflict(string Kind, string Message);

/// <summary>Two tasks as one, or why not.</summary>
public sealed record Recombined(Blueprint? Blueprint, RecombinationConflict? Conflict);
