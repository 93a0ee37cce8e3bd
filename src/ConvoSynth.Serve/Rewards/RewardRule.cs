using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Serve.Rewards;

/// <summary>Which verdicts decide the reward of an episode.</summary>
public enum RewardRule
{
    /// <summary>Every check that decides by computation. What such a check cannot tell is left out.</summary>
    Exact,

    /// <summary>tau-bench's own three conditions.</summary>
    TauBench,

    /// <summary>Every check. An episode that a check cannot decide has no reward.</summary>
    Strict,
}

/// <summary>The names of reward rules, as options and answers spell them.</summary>
public static class RewardRules
{
    private static readonly string[] Names = ["exact", "tau-bench", "strict"];

    public static string NameOf(RewardRule rule) => Names[(int)rule];

    /// <exception cref="ServeException">There is no such rule.</exception>
    public static RewardRule Named(string name) =>
        Array.IndexOf(Names, name) is >= 0 and var place
            ? (RewardRule)place
            : throw new ServeException($"--reward is \"{name}\"; it must be one of {string.Join(", ", Names)}");

    internal static Profile ProfileOf(RewardRule rule) =>
        rule switch
        {
            RewardRule.TauBench => Profile.TauBench,
            RewardRule.Strict => Profile.Strict,
            _ => Profile.Exact,
        };
}
