using System.Text.Json.Serialization;

namespace ConvoSynth.Endpoint;

/// <summary>What the endpoint can be told to get wrong. The names are those of the option <c>--fail</c>, the log and the counters.</summary>
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

    /// <summary>Status 429 with <c>retry-after</c>, whatever the quota.</summary>
    [JsonStringEnumMemberName("429")]
    Status429,

    /// <summary>No answer until the client gives up.</summary>
    [JsonStringEnumMemberName("hang")]
    Hang,

    /// <summary>The connection is closed in the middle of the body.</summary>
    [JsonStringEnumMemberName("cut")]
    Cut,

    /// <summary>Status 200 and a whole HTTP response, whose body is the first half of what it should be.</summary>
    [JsonStringEnumMemberName("truncated")]
    Truncated,

    /// <summary>Status 200 and a page of HTML.</summary>
    [JsonStringEnumMemberName("content-type")]
    ContentType,

    /// <summary>An answer without content, finished by the content filter. A function of the call: each try of it ends so.</summary>
    [JsonStringEnumMemberName("content-filter")]
    ContentFilter,

    /// <summary>The first half of an answer, finished by the limit of tokens. A function of the call: each try of it ends so.</summary>
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

    /// <summary>All that can be planted, in the order in which they are drawn.</summary>
    public static IReadOnlyList<FailureKind> All { get; } = [.. Enum.GetValues<FailureKind>().Where(k => k != FailureKind.None)];

    public static string NameOf(FailureKind kind) => Names[(int)kind];

    /// <summary>The kind of a name, or null.</summary>
    public static FailureKind? Find(string name) => Array.IndexOf(Names, name) is > 0 and var at ? (FailureKind)at : null;

    /// <summary>Whether it is an answer that is no use, not an error: then trying again does not help.</summary>
    public static bool IsAnswer(FailureKind kind) => kind is FailureKind.ContentFilter or FailureKind.Length;
}
