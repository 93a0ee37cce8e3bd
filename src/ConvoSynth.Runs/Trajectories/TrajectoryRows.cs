using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>Makes the row of a result. The planted fault enters here and nowhere earlier.</summary>
public static class TrajectoryRows
{
    /// <summary>How the error of an index begins for which there is no blueprint.</summary>
    public const string NoBlueprint = "no blueprint";

    private static readonly ReadOnlyMemory<byte> NoPrompts = "{}"u8.ToArray();

    // Most verdicts are a pass or a skip with no detail of the row, so their cells recur.
    private static readonly CellCache<Verdict> UsualVerdicts = new();

    private static readonly CellCache<World> UsualWorlds = new();

    /// <param name="reasons">Names of what was wrong, for counts.</param>
    public static ShardRow FailedRow(RunSpec spec, long index, int attempt, string? error, ImmutableArray<string> reasons = default) =>
        new()
        {
            Id = $"{spec.RunId}/{index}/{attempt}",
            RunId = spec.RunId,
            Domain = spec.DomainOf(index),
            Index = index,
            Attempt = attempt,
            Status = RowStatus.Failed,
            Accept = Profiles.NameOf(spec.Accept),
            RejectReasons = [MessageCells.Whole(error ?? "unknown error"), .. reasons.IsDefault ? [] : reasons],
        };

    public static ShardRow RowOf(RunSpec spec, Trajectory trajectory, string? plantedFault, ImmutableArray<ModelCall> calls)
    {
        var blueprint = trajectory.Blueprint;
        var messages = MessageCells.Of(trajectory.Conversation, spec.ShownReasoning);
        return new()
        {
            Id = trajectory.Id,
            RunId = spec.RunId,
            Domain = blueprint.Domain,
            Index = trajectory.Index,
            Attempt = trajectory.Attempt,
            FamilyId = blueprint.FamilyId,
            Intent = blueprint.Intent,
            Slice = blueprint.Slice,
            Shape = blueprint.Shape,
            Tier = "verified",
            Status = trajectory.Status,
            Accept = Profiles.NameOf(trajectory.Accept),
            Instruction = blueprint.Instruction,
            Messages = messages.Messages,
            MessageMeta = messages.Meta,
            Tools = ToolCells.Of(trajectory.Conversation.Tools),
            ToolsTimeline = blueprint.Twist?.LateTool is { } late ? ToolsTimeline.Of(trajectory, late) : default,
            Blueprint = Cells.Of(blueprint, CoreJson.Default.Blueprint),
            AcceptedEndStates = Cells.Of([.. blueprint.AcceptedEndStates], CoreJson.Default.EndStateArray),
            StateDiff = Cells.Of(trajectory.Diff, CoreJson.Default.StateDiff),
            Verdicts = [.. Shown(trajectory).Select(VerdictCell)],
            RejectReasons = [.. trajectory.RejectReasons],
            UndecidedReasons = [.. trajectory.UndecidedReasons],
            Passes = [.. trajectory.Passes],
            Usage = calls.IsEmpty
                ? Cells.Of(messages.Usage, CoreJson.Default.Usage)
                : Cells.Of(PaidUsage.Of(calls), CoreJson.Default.PaidUsage),
            Models = Bytes(trajectory.Models),
            Seed = blueprint.Seed,
            PackHash = blueprint.PackHash,
            World = blueprint.World is { } world ? UsualWorlds.Of(world, world, static w => Cells.Of(w, CoreJson.Default.World)) : default,
            ChecksVersion = Verifier.Version,
            PromptHashes = trajectory.PromptHashes.Length == 0 ? NoPrompts : System.Text.Encoding.UTF8.GetBytes(trajectory.PromptHashes),
            BenchmarkAdjacent = blueprint.BenchmarkAdjacent,
            LabelSource = "checks",
            PlantedFault = plantedFault,
            MessageCount = messages.Messages.Count,
            ToolCallCount = trajectory.Conversation.Messages.Sum(m => m.ToolCalls.Length),
            CellsAreWritten = true,
        };
    }

    // tau-bench's conditions appear in the row only under the profile in which they decide.
    private static ImmutableArray<Verdict> Shown(Trajectory trajectory) =>
        trajectory.Accept == Profile.TauBench ? trajectory.Verdicts.AddRange(trajectory.Reward) : trajectory.Verdicts;

    internal static ReadOnlyMemory<byte> Bytes(Json value) => System.Text.Encoding.UTF8.GetBytes(value.ToString());

    private static ReadOnlyMemory<byte> VerdictCell(Verdict verdict) =>
        verdict is { Outcome: Outcome.Pass or Outcome.Skipped, Message: null, Votes: null }
            ? UsualVerdicts.Of(verdict, verdict, static v => Cells.Of(v, CoreJson.Default.Verdict))
            : Cells.Of(verdict, CoreJson.Default.Verdict);
}
