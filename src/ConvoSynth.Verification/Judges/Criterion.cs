using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Verification.Judges;

/// <summary>A point on which seats vote: met or missed.</summary>
/// <param name="Name">As in prompts, answers and verdicts.</param>
/// <param name="Fault">The party at fault where the majority finds it missed.</param>
public sealed record Criterion(string Name, Fault Fault)
{
    /// <summary>Of a dialogue.</summary>
    public static ImmutableArray<Criterion> OfDialogues { get; } =
    [
        new("correctness", Fault.Agent),
        new("completeness", Fault.Agent),
        // It concerns the human's part: another attempt has another human.
        new("naturalness", Fault.Human),
    ];

    /// <summary>Of a task before it is played.</summary>
    public static ImmutableArray<Criterion> OfBlueprints { get; } =
    [
        new("correctness", Fault.Blueprint),
        new("completeness", Fault.Blueprint),
        new("satisfaction", Fault.Blueprint),
        new("creativity", Fault.Blueprint),
    ];
}
