using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ConvoSynth.Core;

/// <summary>Conditions that a dialogue meets or does not. A run accepts by one of them; rows name all that they meet.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Profile>))]
public enum Profile
{
    /// <summary>Nothing failed, and nothing is unsure.</summary>
    [JsonStringEnumMemberName("strict")]
    Strict,

    /// <summary>Every check that decides by computation passes or is skipped.</summary>
    [JsonStringEnumMemberName("exact")]
    Exact,

    /// <summary>That benchmark's reward is 1.</summary>
    [JsonStringEnumMemberName("tau-bench")]
    TauBench,

    /// <summary>The calls are well formed, the observations come back, and the database ends as it should: what APIGen-MT asks for.</summary>
    [JsonStringEnumMemberName("apigen-mt")]
    ApigenMt,
}

/// <summary>Which checks decide under a profile.</summary>
public static class Profiles
{
    private static readonly ImmutableArray<string> Names = ["strict", "exact", "tau-bench", "apigen-mt"];

    public static ImmutableArray<Profile> All { get; } = [.. Enum.GetValues<Profile>()];

    /// <summary>As rows and specs have it.</summary>
    public static string NameOf(Profile profile) => Names[(int)profile];

    /// <summary>The profile of that name; null where there is none.</summary>
    public static Profile? Named(string name) => Names.IndexOf(name) is >= 0 and var place ? (Profile)place : null;

    /// <summary>
    /// Whether a check's verdict counts under the profile. The environment's fault counts under each: no other verdict of that dialogue can be trusted.
    /// tau-bench's conditions are no checks; see <see cref="Trajectory.Reward"/>.
    /// </summary>
    public static bool Decides(this Profile profile, Verdict verdict) =>
        verdict is { Outcome: Outcome.Fail, Fault: Fault.Environment }
        || profile switch
        {
            Profile.Strict => true,
            Profile.Exact => verdict.Kind == CheckKind.Exact,
            Profile.ApigenMt => verdict.Kind == CheckKind.Exact
                && (verdict.Stage is "format" or "replay" or "outcome" || IsOfBrokenOff(verdict)),
            _ => false,
        };

    // The outcome of a dialogue that was broken off is skipped, and not reached.
    private static bool IsOfBrokenOff(Verdict verdict) =>
        verdict is { Stage: "conversation", Check: "stopped" } or { Stage: "human", Check: "out-of-scope" };
}
