using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Specs;

/// <summary>The limits of a run, which stand under <c>budget</c> in a spec.</summary>
public static class BudgetOptions
{
    public static RunOption<decimal?> MaxCost { get; } =
        new(
            "budget.max_cost",
            "US dollars that the run may cost in all: near it, what is in flight ends and the rest waits for --resume.",
            (p, _) => p.Amount()
        )
        {
            Name = "--max-cost",
        };

    public static RunOption<long?> MaxTokens { get; } =
        new("budget.max_tokens", "Input and output tokens that the run may take in all.", (p, _) => p.Whole()) { Name = "--max-tokens" };

    public static RunOption<string?> MaxDuration { get; } =
        new(
            "budget.max_duration",
            "How long this process may go on beginning dialogues: 90s, 30m, 12h.",
            (p, _) => p.Duration() is null ? null : p.Text
        )
        {
            Name = "--max-duration",
        };

    public static IReadOnlyList<RunOption> All { get; } = [MaxCost, MaxTokens, MaxDuration];
}
