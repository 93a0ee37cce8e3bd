using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Serve.Rewards;

/// <summary>What an episode earned.</summary>
/// <param name="Value">0 or 1; null if the episode says nothing about the agent, and must not be trained on.</param>
/// <param name="Excluded">Why there is no value, as <c>party: reason</c>; null if there is one.</param>
/// <param name="Components">
/// Check → whether it passed, in the order in which checks ran: all checks, whatever the rule reads. A check that could not tell or did
/// not run is absent.
/// </param>
/// <param name="Failed">The verdicts for which the reward is 0: <c>stage.check: evidence</c>.</param>
public sealed record EpisodeReward(
    double? Value,
    string? Excluded,
    IReadOnlyList<KeyValuePair<string, bool>> Components,
    IReadOnlyList<string> Failed
)
{
    /// <summary>The reward of an episode that ended without a dialogue to judge.</summary>
    public static EpisodeReward None(string excluded) => new(null, excluded, [], []);

    /// <summary>
    /// The reward of a verified dialogue. A deciding verdict that accuses another party than the agent takes the reward away: the agent
    /// may have failed because of it.
    /// </summary>
    public static EpisodeReward Of(RewardRule rule, Trajectory trajectory)
    {
        var components = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var verdict in trajectory.Verdicts.Concat(trajectory.Reward))
        {
            if (verdict.Outcome is Outcome.Pass or Outcome.Fail)
                components[verdict.Name] = verdict.Outcome == Outcome.Pass && components.GetValueOrDefault(verdict.Name, true);
        }

        var deciding = trajectory.Deciding(RewardRules.ProfileOf(rule)).ToArray();
        var failed = Array.FindAll(deciding, v => v.Outcome == Outcome.Fail);
        string[] told = [.. failed.Select(v => $"{v.Name}: {v.Evidence}")];
        if (Array.Find(failed, v => v.Fault is not (Fault.Agent or Fault.None)) is { } other)
            return new(null, $"{PartyOf(other.Fault)}: {other.Name}: {other.Evidence}", [.. components], told);
        if (failed.Length > 0)
            return new(0, null, [.. components], told);
        return rule == RewardRule.Strict && Array.Find(deciding, v => v.Outcome == Outcome.Unsure) is { } open
            ? new(null, $"undecided: {open.Name}: {open.Evidence}", [.. components], told)
            : new(1, null, [.. components], told);
    }

    private static string PartyOf(Fault fault) => fault.ToString().ToLowerInvariant();
}
