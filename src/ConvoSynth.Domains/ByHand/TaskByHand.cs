using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// A task that a person wrote down: a goal over rows that are named by their keys. Only the choice is the author's; plan, end states, answers and refusals
/// come from carrying it out, as for a sampled one.
/// </summary>
public sealed record TaskByHand
{
    /// <summary>The author's name for it, unique in its file; the blueprint is <c>domain/by-hand/id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What is wanted: an intent of the pack, or one of the task's own.</summary>
    public required IntentSpec Intent { get; init; }

    /// <summary>Slot → key of its row; for an entry of a list file, its fields.</summary>
    public required IReadOnlyDictionary<string, Json> Rows { get; init; }

    /// <summary>Key of the human's own row; null: the owner of the first owned row.</summary>
    public Json? Owner { get; init; }

    /// <summary>Values of arguments that the goal leaves to the human (<c>any</c>), by <c>argument</c> or <c>goal number.argument</c>; what is not here is drawn.</summary>
    public required IReadOnlyDictionary<string, Json> Values { get; init; }

    /// <summary>Changes to the base before the dialogue.</summary>
    public ImmutableArray<Change> Given { get; init; } = [];

    /// <summary>One of the pack's personas; null: one is drawn.</summary>
    public Persona? Persona { get; init; }

    /// <summary>The author's own words for the simulated human; null: they are written.</summary>
    public string? Instruction { get; init; }

    /// <summary>Slot of a fact (<c>member.card_no</c>, <c>a.title</c>) → when the human says it.</summary>
    public required IReadOnlyDictionary<string, Disclosure> Disclosures { get; init; }

    /// <summary>The clauses that the author expects to be refused by; null where nothing is said about it.</summary>
    public IReadOnlyList<string>? Refused { get; init; }

    /// <summary>The answers that the author expects, in order; null where nothing is said about them.</summary>
    public IReadOnlyList<Json>? Answers { get; init; }

    /// <summary>Where it stands, for messages.</summary>
    public required string File { get; init; }

    public required int Line { get; init; }
}
