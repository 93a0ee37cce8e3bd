using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ConvoSynth.Core.Dialogues;

namespace ConvoSynth.Core.Verdicts;

/// <summary>Conditions that a dialogue meets or not. A run accepts by one of them; rows name all that they meet.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Profile>))]
public enum Profile
{
    /// <summary>Every check passes or is skipped.</summary>
    [JsonStringEnumMemberName("strict")]
    Strict,

    /// <summary>Every check that decides by computation passes or is skipped.</summary>
    [JsonStringEnumMemberName("exact")]
    Exact,

    /// <summary>tau-bench's reward is 1.</summary>
    [JsonStringEnumMemberName("tau-bench")]
    TauBench,

    /// <summary>
    /// APIGen-MT's condition: the calls are well formed, the replay reproduces the observations, and the database ends as it should.
    /// </summary>
    [JsonStringEnumMemberName("apigen-mt")]
    ApigenMt,
}

public static class Profiles
{
    private static readonly ImmutableArray<string> Names = ["strict", "exact", "tau-bench", "apigen-mt"];

    public static ImmutableArray<Profile> All { get; } = [.. Enum.GetValues<Profile>()];

    /// <summary>The name in rows and specs.</summary>
    public static string NameOf(Profile profile) => Names[(int)profile];

    /// <returns>Null if no profile has this name.</returns>
    public static Profile? Named(string name) => Names.IndexOf(name) is >= 0 and var place ? (Profile)place : null;

    /// <summary>
    /// Whether a check's verdict counts under the profile. A fault of the environment counts under every profile: it makes the dialogue's
    /// other verdicts unreliable. tau-bench's conditions are not checks; see <see cref="Trajectory.Reward"/>.
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

    // A dialogue that was broken off reached no outcome, and its outcome checks are skipped: these verdicts count in their place.
    private static bool IsOfBrokenOff(Verdict verdict) =>
        verdict is { Stage: "conversation", Check: "stopped" } or { Stage: "human", Check: "out-of-scope" };
}
