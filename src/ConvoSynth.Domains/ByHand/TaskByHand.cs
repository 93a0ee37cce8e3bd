using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Intents;

namespace ConvoSynth.Domains.ByHand;

/// <summary>
/// A task that a person wrote: a goal over rows that are named by their keys. The author makes the choices only. Plan, end states,
/// answers and refusals come from executing them, as for a sampled task.
/// </summary>
public sealed record TaskByHand
{
    /// <summary>The author's name for the task, unique in its file; the blueprint is <c>domain/by-hand/id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The goal: an intent of the pack, or one defined by the task itself.</summary>
    public required IntentSpec Intent { get; init; }

    /// <summary>Slot → key of its row; for an entry of a list file, its fields.</summary>
    public required IReadOnlyDictionary<string, Json> Rows { get; init; }

    /// <summary>Key of the human's own row; null for the owner of the first owned row.</summary>
    public Json? Owner { get; init; }

    /// <summary>
    /// Values of arguments that the goal leaves to the human (<c>any</c>), by <c>argument</c> or <c>goal number.argument</c>; missing
    /// ones are drawn.
    /// </summary>
    public required IReadOnlyDictionary<string, Json> Values { get; init; }

    /// <summary>Changes to the base before the dialogue.</summary>
    public ImmutableArray<Change> Given { get; init; } = [];

    /// <summary>One of the pack's personas; null to draw one.</summary>
    public Persona? Persona { get; init; }

    /// <summary>The author's own words for the simulated human; null to generate them.</summary>
    public string? Instruction { get; init; }

    /// <summary>Slot of a fact (<c>member.card_no</c>, <c>a.title</c>) → when the human says it.</summary>
    public required IReadOnlyDictionary<string, Disclosure> Disclosures { get; init; }

    /// <summary>The clauses by which the author expects a refusal; null for no expectation.</summary>
    public IReadOnlyList<string>? Refused { get; init; }

    /// <summary>The answers that the author expects, in order; null for no expectation.</summary>
    public IReadOnlyList<Json>? Answers { get; init; }

    /// <summary>The task's file, for messages.</summary>
    public required string File { get; init; }

    public required int Line { get; init; }
}
