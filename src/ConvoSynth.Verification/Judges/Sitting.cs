using ConvoSynth.Core;
using ConvoSynth.Core.Campaigns;

namespace ConvoSynth.Verification.Judges;

/// <summary>How the committee sits on one dialogue or task: a function of the spec and the index, so that a repetition asks the
/// same.</summary>
/// <param name="Draw">
/// Decides the order of the seats and of the criteria, and which label means what. Null for runs without <see cref="CommitteeSpec"/>:
/// one order, and 1 is met.
/// </param>
/// <param name="InFull">
/// Whether every seat is asked. Otherwise asking ends when the majority is certain, which leaves a biased rest: agreement is counted on
/// what was judged in full.
/// </param>
public sealed record Sitting(Seed? Draw, bool InFull)
{
    private const string OfTasks = "blueprint";

    /// <summary>Every seat, in the order of the spec.</summary>
    public static Sitting Plain { get; } = new(null, InFull: true);

    public static Sitting OnDialogue(RunSpec spec, long index, int attempt) => Of(spec, s => s.For(index).For(attempt));

    /// <summary>All attempts at an index play one task.</summary>
    public static Sitting OnBlueprint(RunSpec spec, long index) => Of(spec, s => s.For(index).For(OfTasks));

    private static Sitting Of(RunSpec spec, Func<Seed, Seed> purpose)
    {
        if (spec.Roles?.Committee is not { } committee)
            return Plain;
        var draw = purpose(new Seed((ulong)spec.Seed).For("committee"));
        return new(draw, draw.For("full").Random().Chance(committee.FullShare));
    }

    /// <summary>The order in which the seats are asked, as positions in the spec.</summary>
    internal int[] Order(int seats, int question) =>
        Draw is { } draw ? draw.For("order").For(question).Random().Shuffled(Enumerable.Range(0, seats)) : [.. Enumerable.Range(0, seats)];
}
