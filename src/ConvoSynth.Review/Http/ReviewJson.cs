using System.Text.Json;
using System.Text.Json.Serialization;
using ConvoSynth.Review.Decisions;
using ConvoSynth.Review.Exchange;

namespace ConvoSynth.Review.Http;

/// <summary>A decision as a browser sends it.</summary>
/// <param name="View">The query of the view that the reviewer walks through.</param>
internal sealed record DecisionRequest(
    string Row,
    Ruling Ruling,
    string? Fault,
    IReadOnlyList<string>? Tags,
    string? Note,
    IReadOnlyList<EditedTurn>? Turns,
    string? View,
    string? Blind,
    string? Key
);

/// <param name="Next">The page of the next row; null to stay.</param>
internal sealed record DecisionAnswer(string? Next);

internal sealed record KindRequest(DecidedKind Kind, Ruling Ruling);

internal sealed record ClaimRequest(string Row);

/// <param name="Other">The reviewer who has the row open; null if the claim holds.</param>
internal sealed record ClaimAnswer(string? Other);

internal sealed record NameRequest(string Name);

internal sealed record PlayRequest(string Row, IReadOnlyList<EditedTurn> Turns);

/// <summary>A verdict that an edit changed.</summary>
internal sealed record ChangedVerdict(string Name, string? Before, string? After, string? Evidence);

internal sealed record PlayAnswer(string Status, IReadOnlyList<ChangedVerdict> Changed, long Milliseconds);

/// <param name="Row">The next row, claimed for the reviewer; null if none waits.</param>
internal sealed record QueueRowAnswer(string? Row, string? Page);

internal sealed record QueueAnswer(string Name, string View, int Priority, double Share, int Reviews, long Open);

internal sealed record TokenAnswer(string Token);

internal sealed record ErrorAnswer(string Error);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DecisionRequest))]
[JsonSerializable(typeof(DecisionAnswer))]
[JsonSerializable(typeof(KindRequest))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(ClaimAnswer))]
[JsonSerializable(typeof(NameRequest))]
[JsonSerializable(typeof(PlayRequest))]
[JsonSerializable(typeof(PlayAnswer))]
[JsonSerializable(typeof(QueueRowAnswer))]
[JsonSerializable(typeof(IReadOnlyList<QueueAnswer>))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(Imported))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(IReadOnlyList<EditedTurn>))]
[JsonSerializable(typeof(IReadOnlyList<Decision>))]
internal sealed partial class ReviewJson : JsonSerializerContext;
