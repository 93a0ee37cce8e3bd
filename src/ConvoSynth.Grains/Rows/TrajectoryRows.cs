using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ConvoSynth.Core;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Synthesis;

namespace ConvoSynth.Grains;

/// <summary>From a result to its row. The planted fault comes in here and nowhere before.</summary>
public static class TrajectoryRows
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ShardRow RowOf(RunSpec spec, DialogueResult result) =>
        result.Trajectory is { } trajectory ? RowOf(spec, trajectory, result.PlantedFault) : FailedRow(spec, result);

    /// <summary>The row, or where it could not be written, a failed one that says why: one bad row stops no run.</summary>
    /// <param name="problem">Why the index fails that had not failed; null where the row is sound.</param>
    public static ShardRow SoundRowOf(RunSpec spec, DialogueResult result, out string? problem)
    {
        try
        {
            var row = RowOf(spec, result);
            problem = row.Problem();
            if (problem is null) return row;
        }
        catch (Exception e)
        {
            problem = $"the row could not be made: {ErrorText.Of(e)}";
        }

        problem = MessageCells.Whole(problem);
        return FailedRow(spec, result with { Trajectory = null, Error = problem });
    }

    private static ShardRow FailedRow(RunSpec spec, DialogueResult result) => new()
    {
        Id = $"{spec.RunId}/{result.Index}/{result.Attempt}", RunId = spec.RunId, Domain = spec.DomainOf(result.Index), Index = result.Index,
        Attempt = result.Attempt, Status = RowStatus.Failed, RejectReasons = [MessageCells.Whole(result.Error ?? "unknown error")],
    };

    private static ShardRow RowOf(RunSpec spec, Trajectory trajectory, string? plantedFault)
    {
        var blueprint = trajectory.Blueprint;
        var messages = MessageCells.Of(trajectory.Conversation);
        return new()
        {
            Id = trajectory.Id, RunId = spec.RunId, Domain = blueprint.Domain, Index = trajectory.Index, Attempt = trajectory.Attempt,
            FamilyId = blueprint.FamilyId, Intent = blueprint.Intent, Slice = blueprint.Slice, Shape = blueprint.Shape, Tier = "verified",
            Status = trajectory.Accepted ? RowStatus.Accepted : RowStatus.Rejected, Instruction = blueprint.Instruction,
            Messages = messages.Messages, MessageMeta = messages.Meta, Tools = ToolCells.Of(trajectory.Conversation.Tools),
            Blueprint = Cell(blueprint, CoreJson.Readable.Blueprint),
            AcceptedEndStates = Cell([.. blueprint.AcceptedEndStates], CoreJson.Readable.EndStateArray),
            StateDiff = Cell(trajectory.Diff, CoreJson.Readable.StateDiff),
            Verdicts = [.. trajectory.Verdicts.Select(v => Cell(v, CoreJson.Readable.Verdict))],
            RejectReasons = [.. trajectory.RejectReasons],
            Usage = Cell(messages.Usage, CoreJson.Readable.Usage), Models = Bytes(trajectory.Models),
            Seed = blueprint.Seed, PackHash = blueprint.PackHash, ChecksVersion = Verifier.Version, PromptHashes = "{}"u8.ToArray(),
            BenchmarkAdjacent = blueprint.BenchmarkAdjacent, LabelSource = "checks", PlantedFault = plantedFault,
            MessageCount = messages.Messages.Count, ToolCallCount = trajectory.Conversation.Messages.Sum(m => m.ToolCalls.Length),
        };
    }

    internal static ReadOnlyMemory<byte> Bytes(Json value) => System.Text.Encoding.UTF8.GetBytes(value.ToString());

    internal static ReadOnlyMemory<byte> Cell<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    internal static ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenMemory;
    }
}
