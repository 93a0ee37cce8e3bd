using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Verdicts;

/// <summary>Result of a check.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    [JsonStringEnumMemberName("pass")]
    Pass,

    [JsonStringEnumMemberName("fail")]
    Fail,

    /// <summary>The check cannot tell; a judge or a person must.</summary>
    [JsonStringEnumMemberName("unsure")]
    Unsure,

    /// <summary>The check did not run; the evidence says why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>Something was found that decides nothing and accuses no party.</summary>
    [JsonStringEnumMemberName("noted")]
    Noted,
}

/// <summary>The party at fault for a failed check.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Fault>))]
public enum Fault
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("agent")]
    Agent,

    [JsonStringEnumMemberName("human")]
    Human,

    [JsonStringEnumMemberName("blueprint")]
    Blueprint,

    [JsonStringEnumMemberName("environment")]
    Environment,

    /// <summary>
    /// The model's server, for what it leaves in the text or refuses. No party is at fault, and the row is no negative for the agent.
    /// </summary>
    [JsonStringEnumMemberName("endpoint")]
    Endpoint,
}

/// <summary>Whether a check decides by computation alone or interprets language.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckKind>))]
public enum CheckKind
{
    [JsonStringEnumMemberName("exact")]
    Exact,

    [JsonStringEnumMemberName("language")]
    Language,

    /// <summary>Decided by the votes of judges.</summary>
    [JsonStringEnumMemberName("judge")]
    Judge,
}

/// <summary>One judge's answer to one question.</summary>
/// <param name="Judge">The seat's name.</param>
/// <param name="Answer">
/// <c>yes</c>, <c>no</c> or <c>cannot-tell</c> to a question, <c>1</c> or <c>0</c> on a criterion; <c>none</c> if the judge gave no
/// usable answer.
/// </param>
/// <param name="Evidence">The reason, with a quotation; for <c>none</c>, what went wrong.</param>
public sealed record Vote(string Judge, string Answer, string Evidence);

public sealed record Verdict
{
    /// <summary>Such as <c>outcome</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>The check within the stage, such as <c>end-state</c>.</summary>
    public required string Check { get; init; }

    public required CheckKind Kind { get; init; }

    public required Outcome Outcome { get; init; }

    public Fault Fault { get; init; }

    /// <summary>Index of the message that the verdict points at, if any.</summary>
    public int? Message { get; init; }

    /// <summary>What was observed; for a failure, the two things that differ.</summary>
    public string? Evidence { get; init; }

    /// <summary>The judges' votes, in the order of their seats; null if no judge was asked.</summary>
    public ImmutableArray<Vote>? Votes { get; init; }

    /// <summary>
    /// Whether it blocks acceptance: a failure rejects the row; an unsure result leaves it undecided until a judge settles it.
    /// </summary>
    [JsonIgnore]
    public bool Rejects => Outcome is Outcome.Fail or Outcome.Unsure;

    /// <summary><c>stage.check</c>.</summary>
    [JsonIgnore]
    public string Name => $"{Stage}.{Check}";

    /// <summary>
    /// The name in reports that count both: <c>stage.check</c> for a failure, <c>undecided:stage.check</c> for an unsure result.
    /// </summary>
    [JsonIgnore]
    public string Reason => Outcome == Outcome.Unsure ? $"undecided:{Name}" : Name;
}
