using System.Text.Json.Serialization;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Failures;

/// <summary>Failures that the endpoint can plant. The option <c>--fail</c>, the log and the counters use these names.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
public enum FailureKind
{
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Status 500 with an error body.</summary>
    [JsonStringEnumMemberName("500")]
    Status500,

    /// <summary>Status 503 with an error body.</summary>
    [JsonStringEnumMemberName("503")]
    Status503,

    /// <summary>Status 429 with <c>retry-after</c>, regardless of the quota.</summary>
    [JsonStringEnumMemberName("429")]
    Status429,

    /// <summary>No answer until the client gives up.</summary>
    [JsonStringEnumMemberName("hang")]
    Hang,

    /// <summary>The connection closes in the middle of the body.</summary>
    [JsonStringEnumMemberName("cut")]
    Cut,

    /// <summary>Status 200 and a complete HTTP response, but the body is only the first half of the answer.</summary>
    [JsonStringEnumMemberName("truncated")]
    Truncated,

    /// <summary>Status 200 and an HTML page.</summary>
    [JsonStringEnumMemberName("content-type")]
    ContentType,

    /// <summary>
    /// An answer without content, with the content filter as finish reason. Depends on the call alone: every try ends so.
    /// </summary>
    [JsonStringEnumMemberName("content-filter")]
    ContentFilter,

    /// <summary>
    /// The first half of an answer, with the token limit as finish reason. Depends on the call alone: every try ends so.
    /// </summary>
    [JsonStringEnumMemberName("length")]
    Length,
}

public static class FailureKinds
{
    private static readonly string[] Names =
    [
        "none",
        "500",
        "503",
        "429",
        "hang",
        "cut",
        "truncated",
        "content-type",
        "content-filter",
        "length",
    ];

    /// <summary>All kinds that can be planted, in the order of drawing.</summary>
    public static IReadOnlyList<FailureKind> All { get; } = [.. Enum.GetValues<FailureKind>().Where(k => k != FailureKind.None)];

    public static string NameOf(FailureKind kind) => Names[(int)kind];

    /// <returns>Null for an unknown name.</returns>
    public static FailureKind? Find(string name) => Array.IndexOf(Names, name) is > 0 and var at ? (FailureKind)at : null;

    /// <summary>Whether it is a useless answer and not an error, so that a retry does not help.</summary>
    public static bool IsAnswer(FailureKind kind) => kind is FailureKind.ContentFilter or FailureKind.Length;
}
