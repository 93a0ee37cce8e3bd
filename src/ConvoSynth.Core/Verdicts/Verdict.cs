using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>The result of one check.</summary>
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

    /// <summary>The check was not made; the evidence says why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>Whose fault a failed check is.</summary>
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

    /// <summary>A model's server: what it leaves in the text, or refuses, is no party's doing and no negative of the agent's.</summary>
    [JsonStringEnumMemberName("endpoint")]
    Endpoint,
}

/// <summary>Whether a check decides by computation alone or must understand words.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckKind>))]
public enum CheckKind
{
    [JsonStringEnumMemberName("exact")]
    Exact,

    [JsonStringEnumMemberName("language")]
    Language,

    /// <summary>Judges voted.</summary>
    [JsonStringEnumMemberName("judge")]
    Judge,
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

    /// <summary>Whether it stands in the way of acceptance: a failure rejects the row; what is unsure leaves it undecided, until a judge settles it.</summary>
    [JsonIgnore]
    public bool Rejects => Outcome is Outcome.Fail or Outcome.Unsure;

    /// <summary>The check, as <c>stage.check</c>.</summary>
    [JsonIgnore]
    public string Name => $"{Stage}.{Check}";

    /// <summary>As reports that count both have it: <c>stage.check</c> of a failure, <c>undecided:stage.check</c> of what is unsure.</summary>
    [JsonIgnore]
    public string Reason => Outcome == Outcome.Unsure ? $"undecided:{Name}" : Name;
}
