using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>
/// Draws a fault that this blueprint allows and that changes the dialogue's effect. Kinds are tried in an order drawn by the seed, so
/// that another kind replaces a kind that does not fit. A kind's needs are computed only when it is tried.
/// </summary>
internal sealed class FaultDrawing
{
    private readonly Pack _pack;
    private readonly Blueprint _blueprint;
    private readonly SeededRandom _random;

    private FaultDrawing(Pack pack, Blueprint blueprint, SeededRandom random)
    {
        _pack = pack;
        _blueprint = blueprint;
        _random = random;
    }

    /// <summary>Faults of the kinds, one per kind, lazily; empty if this dialogue allows none.</summary>
    public static IEnumerable<FaultPlan> Draw(Pack pack, Blueprint blueprint, Seed seed, ImmutableArray<string> kinds)
    {
        var random = seed.Random();
        var drawing = new FaultDrawing(pack, blueprint, random);
        foreach (var kind in random.Shuffled(kinds))
        {
            if (drawing.Plan(kind) is { } plan)
                yield return plan;
        }
    }

    private FaultPlan? Plan(string kind) =>
        kind switch
        {
            FaultKinds.WrongArgument => Wrong.Argument(),
            FaultKinds.ConfirmedThenChanged => Wrong.Confirmed(),
            FaultKinds.MissingWrite => Wrong.Missing(FaultKinds.MissingWrite),
            FaultKinds.WriteBeforeYes => Wrong.BeforeYes(),
            FaultKinds.ForbiddenWrite => Wrong.Forbidden(),
            FaultKinds.ExtraWrite => Unasked.Extra(),
            FaultKinds.WriteThenUndo => Unasked.ThenUndo(),
            FaultKinds.DataBeforeIdentity => new EarlyReads(_pack, _blueprint, _random).Plan(),
            FaultKinds.NeedlessRefusal => Refusals.Needless(),
            FaultKinds.WrongReason => Refusals.ForAnotherReason(),
            FaultKinds.MalformedArguments => Broken.Malformed(),
            FaultKinds.UnknownTool => Broken.UnknownTool(),
            FaultKinds.WrongType => Broken.WrongType(),
            FaultKinds.ToolNotOffered => new StrangeCalls(_pack, _blueprint, _random).NotOffered(),
            FaultKinds.InventedIdentifier => new StrangeCalls(_pack, _blueprint, _random).InventedIdentifier(),
            FaultKinds.FalseClaim => Words.FalseClaim(Wrong),
            FaultKinds.WrongAmount => Words.WrongAmount(),
            FaultKinds.OutputNotSaid => Words.NotSaid(),
            FaultKinds.SaidThenContradicted => Words.Contradicted(),
            FaultKinds.ShotgunAnswer => Words.Shotgun(),
            FaultKinds.HumanLeak => Human.Leak(),
            FaultKinds.HumanVolunteersAll => Human.VolunteersAll(),
            FaultKinds.HumanInventsRequest => Human.InventsRequest(),
            FaultKinds.HumanDropsGoal => Human.DropsGoal(),
            FaultKinds.HumanStopsEarly => Human.StopsEarly(Wrong),
            FaultKinds.NeedlessRead => NeedlessReads.Plan(_pack, _blueprint, _random),
            FaultKinds.Loop => Loop(),
            FaultKinds.EmptyTurn => new(FaultKinds.EmptyTurn) { ByHuman = _random.Chance(0.4) },
            _ when FaultKinds.OfWords.Contains(kind, StringComparer.Ordinal) => Loose(kind),
            _ when FaultKinds.OfThoughts.Contains(kind, StringComparer.Ordinal) => new(kind),
            _ when FaultKinds.OfSlices.Contains(kind, StringComparer.Ordinal) => new SliceFaults(_pack, _blueprint, _random).Plan(kind),
            _ => throw new InvalidOperationException($"no role can make the fault {kind}"),
        };

    private WrongWrites Wrong => new(_pack, _blueprint, _random, new(_pack, _random));

    private UnaskedWrites Unasked => new(_pack, _blueprint, _random, new(_pack, _random));

    private WrongRefusals Refusals => new(_pack, _blueprint, _random);

    private BrokenCalls Broken => new(_pack, _blueprint, _random);

    private WrongWords Words => new(_pack, _blueprint, _random);

    private HumanFaults Human => new(_pack, _blueprint, _random);

    // Said at the end, beside the last report.
    private FaultPlan? Loose(string kind)
    {
        if (kind == FaultKinds.UnmadeHandOver && _blueprint.Actions.Any(a => _pack.Tools.Find(a.Tool) is { Kind: ToolKind.Transfer }))
            return null;
        var db = new Trial(_pack, _blueprint).Gold(0, _blueprint.Actions.Length).Environment.Db;
        return new LooseWords(_pack, _blueprint, _random).Say(kind, db, [.. _blueprint.Actions.Select(a => a.Observation)]) is { } words
            ? new(kind) { Words = words }
            : null;
    }

    // A repeated read, or the repeated last question.
    private FaultPlan Loop()
    {
        var reads = Enumerable
            .Range(0, _blueprint.Actions.Length)
            .Where(i => _pack.Tools.Find(_blueprint.Actions[i].Tool) is { Kind: ToolKind.Read })
            .ToArray();
        return new(FaultKinds.Loop) { Action = reads.Length > 0 && _random.Chance(0.6) ? _random.Pick(reads) : -1 };
    }
}
