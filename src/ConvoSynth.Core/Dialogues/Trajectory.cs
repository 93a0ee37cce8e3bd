using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Core.Dialogues;

/// <summary>How a dialogue ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DialogueEnd>))]
public enum DialogueEnd
{
    /// <summary>The human ended with <c>###STOP###</c>.</summary>
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

    /// <summary>The human ended with <c>###OUT-OF-SCOPE###</c>: the task cannot continue.</summary>
    [JsonStringEnumMemberName("out-of-scope")]
    OutOfScope,

    /// <summary>Early stop: no continuation could be accepted. <see cref="Conversation.StopReason"/> says why.</summary>
    [JsonStringEnumMemberName("doomed")]
    StoppedEarly,
}

/// <summary>Metadata of one message; runs parallel to <see cref="Conversation.Messages"/>.</summary>
public sealed record MessageMeta
{
    /// <summary>
    /// Whether a trainer should learn from this message. True for the agent's messages only, and false for a recovered mistake.
    /// </summary>
    public bool Train { get; init; }

    /// <summary>Why <see cref="Train"/> is false for a message of the agent.</summary>
    public string? Reason { get; init; }

    public string? Model { get; init; }

    public FinishReason? Finish { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>How the message came about, if noteworthy: which of several candidates was chosen, and why.</summary>
    public string? Note { get; init; }

    /// <summary>Per tool call, in order: argument path → where the value came from.</summary>
    public ImmutableArray<Json> ArgumentOrigins { get; init; } = [];

    /// <summary>
    /// Per tool call, in order: whether something of the dialogue rests on it. Null for a call that is not judged: it failed, or it reads
    /// nothing.
    /// </summary>
    /// <value>Null by default: the message has no call, or nothing was verified.</value>
    public ImmutableArray<bool?>? Needed { get; init; }
}

/// <summary>
/// A finished dialogue as it happened: the verifier's whole input. It has no field for the label of a planted fault, so that no check can
/// read it.
/// </summary>
public sealed record Conversation
{
    /// <summary>The agent's system message: the policy and the pack's standing facts.</summary>
    public required string System { get; init; }

    public required ImmutableArray<ToolDefinition> Tools { get; init; }

    public required ImmutableArray<Message> Messages { get; init; }

    public required ImmutableArray<MessageMeta> Meta { get; init; }

    public required DialogueEnd End { get; init; }

    /// <summary>For <see cref="DialogueEnd.StoppedEarly"/>: why no continuation could be accepted.</summary>
    public string? StopReason { get; init; }
}

/// <summary>A fault that the rehearsal model planted.</summary>
/// <param name="Kind">The fault's name, such as <c>wrong-argument</c>.</param>
/// <param name="Message">Index of the message that contains it; for a missing write, of the message that replaced it.</param>
public sealed record PlantedFault(string Kind, int Message);

/// <summary>A finished dialogue with its verdicts and provenance.</summary>
public sealed record Trajectory
{
    public required string Id { get; init; }

    public required long Index { get; init; }

    public required int Attempt { get; init; }

    public required Blueprint Blueprint { get; init; }

    public required Conversation Conversation { get; init; }

    /// <summary>The dialogue's changes to the database, in canonical form.</summary>
    public required StateDiff Diff { get; init; }

    public required ImmutableArray<Verdict> Verdicts { get; init; }

    /// <summary>Role → model, such as <c>agent → rehearsal</c>.</summary>
    public required Json Models { get; init; }

    /// <summary>Role → hash of its prompt, a JSON object; empty if no role had a prompt.</summary>
    public required string PromptHashes { get; init; }

    /// <summary>tau-bench's own conditions, which are not checks; empty if they were not evaluated.</summary>
    public ImmutableArray<Verdict> Reward { get; init; } = [];

    /// <summary>The profile whose verdicts decide <see cref="Status"/>.</summary>
    /// <value>Strict by default: all checks decide.</value>
    public Profile Accept { get; init; }

    /// <summary>Rejected if a deciding verdict failed; otherwise undecided if one is unsure; otherwise accepted.</summary>
    [JsonIgnore]
    public string Status => StatusUnder(Accept);

    /// <summary>Names of the failed verdicts of a rejected trajectory; otherwise empty.</summary>
    [JsonIgnore]
    public IEnumerable<string> RejectReasons => Named(Outcome.Fail);

    /// <summary>Names of the unsure verdicts of an undecided trajectory; otherwise empty.</summary>
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
        // A reward that was not evaluated is not earned.
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
