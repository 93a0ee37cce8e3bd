using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>The result of one check.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    [JsonStringEnumMemberName("pass")] Pass,
    [JsonStringEnumMemberName("fail")] Fail,

    /// <summary>The check cannot tell; a judge or a person must.</summary>
    [JsonStringEnumMemberName("unsure")] Unsure,

    /// <summary>The check was not made; the evidence says why.</summary>
    [JsonStringEnumMemberName("skipped")] Skipped,
}

/// <summary>Whose fault a failed check is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Fault>))]
public enum Fault
{
    [JsonStringEnumMemberName("none")] None,
    [JsonStringEnumMemberName("agent")] Agent,
    [JsonStringEnumMemberName("human")] Human,
    [JsonStringEnumMemberName("blueprint")] Blueprint,
    [JsonStringEnumMemberName("environment")] Environment,

    /// <summary>The server behind the model: what it does is no negative of the agent's.</summary>
    [JsonStringEnumMemberName("endpoint")] Endpoint,
}

/// <summary>Whether a check decides by computation alone or must understand words.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckKind>))]
public enum CheckKind
{
    [JsonStringEnumMemberName("exact")] Exact,
    [JsonStringEnumMemberName("language")] Language,

    /// <summary>Judges voted.</summary>
    [JsonStringEnumMemberName("judge")] Judge,
}

/// <summary>What one judge said to one question.</summary>
/// <param name="Judge">The seat's name.</param>
/// <param name="Answer"><c>yes</c>, <c>no</c> or <c>cannot-tell</c> to a question, <c>1</c> or <c>0</c> on a criterion; <c>none</c> where the judge gave no answer that would do.</param>
/// <param name="Evidence">Why, with a quotation; for <c>none</c>, what went wrong.</param>
public sealed record Vote(string Judge, string Answer, string Evidence);

/// <summary>One check and its result.</summary>
public sealed record Verdict
{
    /// <summary>The stage, such as <c>outcome</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>The check within the stage, such as <c>end-state</c>.</summary>
    public required string Check { get; init; }

    public required CheckKind Kind { get; init; }

    public required Outcome Outcome { get; init; }

    public Fault Fault { get; init; }

    /// <summary>Index of the message that the verdict points at, if one does.</summary>
    public int? Message { get; init; }

    /// <summary>What was seen: for a failure, the two things that differ.</summary>
    public string? Evidence { get; init; }

    /// <summary>What the judges said, in the order of their seats; null where none was asked.</summary>
    public ImmutableArray<Vote>? Votes { get; init; }

    /// <summary>
    /// An exact or language check that failed rejects; an unsure one rejects as undecided until a judge settles it. A blueprint's own
    /// flaw rejects as well.
    /// </summary>
    [JsonIgnore]
    public bool Rejects => Outcome is Outcome.Fail or Outcome.Unsure;

    /// <summary>The name under which a rejection is counted: <c>stage.check</c>, or <c>undecided:stage.check</c>.</summary>
    [JsonIgnore]
    public string Reason => Outcome == Outcome.Unsure ? $"undecided:{Stage}.{Check}" : $"{Stage}.{Check}";
}
