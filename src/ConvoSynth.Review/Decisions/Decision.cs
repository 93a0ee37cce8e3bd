using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConvoSynth.Review.Decisions;

/// <summary>What a reviewer says of a row.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Ruling>))]
public enum Ruling
{
    /// <summary>The dialogue is right.</summary>
    [JsonStringEnumMemberName("accept")]
    Accept,

    /// <summary>The dialogue is wrong; <see cref="Decision.Fault"/> may say whose fault it is.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,

    /// <summary>Left for later or for another reviewer.</summary>
    [JsonStringEnumMemberName("defer")]
    Defer,

    /// <summary>The dialogue is right as the reviewer has edited it: <see cref="Decision.Turns"/>.</summary>
    [JsonStringEnumMemberName("revise")]
    Revise,

    /// <summary>Takes the reviewer's last decision on the row back.</summary>
    [JsonStringEnumMemberName("undo")]
    Undo,
}

/// <summary>One call of an edited turn.</summary>
/// <param name="Id">The id that the call had; null for a call that the reviewer added.</param>
/// <param name="Arguments">A JSON text.</param>
public sealed record EditedCall(string? Id, string Name, string Arguments);

/// <summary>One turn of an edited dialogue. Observations are not among them: the environment gives them anew.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
public sealed record EditedTurn(string Role, string? Text, IReadOnlyList<EditedCall> Calls);

/// <summary>A check and the shape of its evidence: the rows of a kind are decided at once.</summary>
public sealed record DecidedKind(string Check, string Shape);

/// <summary>An entry of the decision log.</summary>
public sealed record Decision
{
    /// <summary>The row's id; empty where a kind is decided.</summary>
    public required string Row { get; init; }

    /// <summary>The kind that is decided: its rows that no reviewer has decided, but for a sample.</summary>
    public DecidedKind? Kind { get; init; }

    /// <summary>Made by the browser for one press of a key: a decision that is sent again is kept once.</summary>
    public string? Key { get; init; }

    /// <summary>Whether the reviewer had not seen the verdicts.</summary>
    public bool Blind { get; init; }

    public required Ruling Ruling { get; init; }

    /// <summary>The reviewer's name, as the reviewer gave it.</summary>
    public required string Reviewer { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// <c>agent</c>, <c>human</c>, <c>blueprint</c>, <c>environment</c> or <c>endpoint</c>; null where the reviewer does not say.
    /// </summary>
    public string? Fault { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Note { get; init; }

    /// <summary>For <see cref="Ruling.Revise"/>: the turns as edited.</summary>
    public IReadOnlyList<EditedTurn>? Turns { get; init; }

    /// <summary>What is wrong with the entry, as a sentence; null if nothing is.</summary>
    public string? Problem()
    {
        if (Row.Length > 1000 || (Row.Length == 0) == (Kind is null))
            return "a decision names a row or a kind";
        if (Kind is not null && Ruling is not (Ruling.Accept or Ruling.Reject or Ruling.Undo))
            return "a kind is accepted, rejected or left to its rows";
        if (Key is { Length: > 100 })
            return "a decision's key has at most 100 characters";
        if (Reviewer.Trim().Length is 0 or > 100)
            return "a reviewer's name has 1 to 100 characters";
        if (Fault is not (null or "agent" or "human" or "blueprint" or "environment" or "endpoint"))
            return $"the fault is \"{Fault}\"; it must be agent, human, blueprint, environment or endpoint";
        if (Note is { Length: > 10_000 })
            return "a note has at most 10,000 characters";
        if (Tags.Count > 20 || Tags.Any(tag => tag.Length is 0 or > 60))
            return "a decision has at most 20 tags, of 1 to 60 characters each";
        return (Ruling == Ruling.Revise) == (Turns is not null) ? null : "a revision has the edited turns, and no other decision has";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<EditedTurn>))]
internal sealed partial class DecisionJson : JsonSerializerContext
{
    public static DecisionJson Lines { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                // What a newer version says must not be passed over.
                UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
