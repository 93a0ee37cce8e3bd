using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>How a dialogue ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DialogueEnd>))]
public enum DialogueEnd
{
    /// <summary>The human said <c>###STOP###</c>.</summary>
    [JsonStringEnumMemberName("human-stop")] HumanStop,

    /// <summary>The agent called the pack's transfer tool.</summary>
    [JsonStringEnumMemberName("transfer")] Transfer,

    /// <summary>The turn or call limit was reached.</summary>
    [JsonStringEnumMemberName("limit")] Limit,

    /// <summary>A recorded dialogue has no more turns.</summary>
    [JsonStringEnumMemberName("record-end")] RecordEnd,

    /// <summary>The human said <c>###OUT-OF-SCOPE###</c>: the task cannot go on.</summary>
    [JsonStringEnumMemberName("out-of-scope")] OutOfScope,

    /// <summary>It was ended since no way of going on could be accepted: <see cref="Conversation.StopReason"/> says why.</summary>
    [JsonStringEnumMemberName("doomed")] Doomed,
}

/// <summary>What is known of one message beside the message itself; runs parallel to <see cref="Conversation.Messages"/>.</summary>
public sealed record MessageMeta
{
    /// <summary>Whether a trainer should learn from this message; false for all but the agent's, and for a recovered mistake.</summary>
    public bool Train { get; init; }

    /// <summary>Why <see cref="Train"/> is false where one would expect true.</summary>
    public string? Reason { get; init; }

    public string? Model { get; init; }

    public FinishReason? Finish { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>How the message came about, where there is something to say: of several candidates, which was chosen and why.</summary>
    public string? Note { get; init; }

    /// <summary>Per tool call, in order: argument path → where the value came from.</summary>
    public ImmutableArray<Json> ArgumentOrigins { get; init; } = [];
}

/// <summary>
/// A finished dialogue as it happened: all that the verifier may see. It cannot carry the label of a planted fault, so that no check
/// can read it.
/// </summary>
public sealed record Conversation
{
    /// <summary>What the agent was told: the policy and the pack's standing facts.</summary>
    public required string System { get; init; }

    public required ImmutableArray<ToolDefinition> Tools { get; init; }

    public required ImmutableArray<Message> Messages { get; init; }

    public required ImmutableArray<MessageMeta> Meta { get; init; }

    public required DialogueEnd End { get; init; }

    /// <summary>For <see cref="DialogueEnd.Doomed"/>: why nothing could save it.</summary>
    public string? StopReason { get; init; }
}

/// <summary>A fault that a rehearsal model planted, and whether it changed what the dialogue did.</summary>
/// <param name="Kind">The fault's name, such as <c>wrong-argument</c>.</param>
/// <param name="Message">Index of the message that carries it; for a missing write, of the message that replaced it.</param>
public sealed record PlantedFault(string Kind, int Message);

/// <summary>A finished dialogue with its verdicts and provenance.</summary>
public sealed record Trajectory
{
    public required string Id { get; init; }

    public required long Index { get; init; }

    public required int Attempt { get; init; }

    public required Blueprint Blueprint { get; init; }

    public required Conversation Conversation { get; init; }

    /// <summary>The canonical list of changes that the dialogue made to the database.</summary>
    public required StateDiff Diff { get; init; }

    public required ImmutableArray<Verdict> Verdicts { get; init; }

    /// <summary>Role → model, such as <c>agent → rehearsal</c>.</summary>
    public required Json Models { get; init; }

    /// <summary>Role → hash of its prompt, a JSON object; empty where no role had one.</summary>
    public required string PromptHashes { get; init; }

    /// <summary>
    /// Names of the checks that reject this trajectory; empty when it is accepted. <c>undecided:…</c> stands only where nothing failed: such a row waits for a
    /// judge or a person, and one that failed does not.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<string> RejectReasons
    {
        get
        {
            var decided = Verdicts.Any(v => v.Outcome == Outcome.Fail);
            return Verdicts.Where(v => decided ? v.Outcome == Outcome.Fail : v.Rejects).Select(v => v.Reason).Distinct(StringComparer.Ordinal);
        }
    }

    [JsonIgnore]
    public bool Accepted => !Verdicts.Any(v => v.Rejects);
}
