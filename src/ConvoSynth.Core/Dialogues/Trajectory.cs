using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>How a dialogue ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DialogueEnd>))]
public enum DialogueEnd
{
    /// <summary>The human said <c>###STOP###</c>.</summary>
    [JsonStringEnumMemberName("human-stop")]
    HumanStop,

    /// <summary>The agent called the pack's transfer tool.</summary>
    [JsonStringEnumMemberName("transfer")]
    Transfer,

    /// <summary>The turn or call limit was reached.</summary>
    [JsonStringEnumMemberName("limit")]
    Limit,

    /// <summary>A recorded dialogue has no more turns.</summary>
    [JsonStringEnumMemberName("record-end")]
    RecordEnd,

    /// <summary>The human said <c>###OUT-OF-SCOPE###</c>: the task cannot go on.</summary>
    [JsonStringEnumMemberName("out-of-scope")]
    OutOfScope,

    /// <summary>It was ended since no way of going on could be accepted: <see cref="Conversation.StopReason"/> says why.</summary>
    [JsonStringEnumMemberName("doomed")]
    Doomed,
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

    /// <summary>tau-bench's own conditions, which are no checks; empty where they were not worked out.</summary>
    public ImmutableArray<Verdict> Reward { get; init; } = [];

    /// <summary>The profile whose verdicts decide <see cref="Status"/>.</summary>
    /// <value>Strict by default: all checks decide.</value>
    public Profile Accept { get; init; }

    /// <summary>Accepted, undecided or rejected: rejected where something that decides failed, else undecided where something that decides is unsure.</summary>
    [JsonIgnore]
    public string Status => StatusUnder(Accept);

    /// <summary>Names of what failed, of a rejected trajectory; else empty.</summary>
    [JsonIgnore]
    public IEnumerable<string> RejectReasons => Named(Outcome.Fail);

    /// <summary>Names of the unsure checks of an undecided trajectory; empty for every other status.</summary>
    [JsonIgnore]
    public IEnumerable<string> UndecidedReasons => Status == RowStatus.Undecided ? Named(Outcome.Unsure) : [];

    /// <summary>Names of the profiles that it meets.</summary>
    [JsonIgnore]
    public IEnumerable<string> Passes => Profiles.All.Where(p => StatusUnder(p) == RowStatus.Accepted).Select(Profiles.NameOf);

    /// <summary>The verdicts that decide under a profile.</summary>
    public IEnumerable<Verdict> Deciding(Profile profile)
    {
        var checks = Verdicts.Where(v => profile.Decides(v));
        return profile == Profile.TauBench ? checks.Concat(Reward) : checks;
    }

    private string StatusUnder(Profile profile)
    {
        // A reward that was not worked out is not earned.
        if (profile == Profile.TauBench && Reward.IsEmpty)
            return RowStatus.Rejected;
        var status = RowStatus.Accepted;
        foreach (var verdict in Deciding(profile))
        {
            if (verdict.Outcome == Outcome.Fail)
                return RowStatus.Rejected;
            if (verdict.Outcome == Outcome.Unsure)
                status = RowStatus.Undecided;
        }

        return status;
    }

    private IEnumerable<string> Named(Outcome outcome) =>
        Deciding(Accept).Where(v => v.Outcome == outcome).Select(v => v.Name).Distinct(StringComparer.Ordinal);
}
