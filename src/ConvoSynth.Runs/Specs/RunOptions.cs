using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Runs.Specs;

/// <summary>
/// The options of a run, each declared once: the spec, the command line, the help and the errors follow these declarations.
/// The table in <c>docs/models.md</c> repeats them.
/// </summary>
public static class RunOptions
{
    /// <summary>The count where neither an option nor a file of tasks says another.</summary>
    public const long UsualCount = 100;

    internal const string BudgetKey = "budget";

    public static RunOption<string[]?> Domains { get; } =
        new("domains", "A domain pack; may be given several times, the domains then take turns.", (p, _) => [.. p.Texts])
        {
            Name = "--domain",
            Default = ["library"],
        };

    public static RunOption<string?> Data { get; } =
        new("data", "A folder of <table>.json: another database of the pack's shape. One domain only.", PathOf) { Name = "--data" };

    public static RunOption<string?> Blueprints { get; } =
        new("blueprints", "A file of tasks written by hand (YAML), which take turns instead of sampled ones. One domain only.", PathOf)
        {
            Name = "--blueprints",
        };

    public static RunOption<string[]?> ExcludeTasks { get; } =
        new(
            "exclude_tasks",
            "A file of a benchmark's tasks (tau-bench, tau2-bench, BFCL): a sampled task that repeats one of them is drawn again; may be "
                + "given several times.",
            (p, folder) => [.. p.Texts.Select(t => PathOf(t, folder))]
        )
        {
            Name = "--exclude-tasks",
        };

    public static RunOption<long?> Count { get; } =
        new("count", $"How many dialogues to plan (default: {UsualCount}; with --blueprints one for each task).", (p, _) => p.Whole())
        {
            Name = "--count",
        };

    public static RunOption<long?> Seed { get; } =
        new("seed", "The run's seed: one seed, one set of rows.", (p, _) => p.Whole()) { Name = "--seed", Default = 1 };

    public static RunOption<double?> FaultRate { get; } =
        new("fault_rate", "Share of dialogues in which the rehearsal model plants a labelled fault, 0 to 1.", (p, _) => p.Fraction())
        {
            Name = "--fault-rate",
            Default = 0,
            Range = RunBounds.Share.Problem,
        };

    public static RunOption<double?> ErrorRate { get; } =
        new(
            "error_rate",
            "Share of the dialogues without a fault in which a call of the rehearsal model fails and the agent gets over it, 0 to 1.",
            (p, _) => p.Fraction()
        )
        {
            Name = "--error-rate",
            Default = 0,
            Range = RunBounds.Share.Problem,
        };

    public static RunOption<double?> Combined { get; } =
        new("combined", "Share of sampled tasks that join two to four intents over one person's rows, 0 to 1.", (p, _) => p.Fraction())
        {
            Name = "--combined",
            Default = 0,
            Range = RunBounds.Share.Problem,
        };

    public static RunOption<double?> Recombine { get; } =
        new("recombine", "Share of sampled tasks that are two finished tasks of one person, 0 to 1.", (p, _) => p.Fraction())
        {
            Name = "--recombine",
            Default = 0,
            Range = RunBounds.Share.Problem,
        };

    public static RunOption<string?> Slices { get; } =
        new(
            "slices",
            "Shares of the kinds of difficulty in sampled tasks, such as base=0.3,changed-mind=0.2, or all (default: base and refusals).",
            (p, _) => p.Pairs ?? p.Text
        )
        {
            Name = "--slices",
        };

    public static RunOption<int?> Rounds { get; } =
        new(
            "rounds",
            "How many dialogues play each task, one after another; their pass rate says how difficult it is, 1 to 1000.",
            (p, _) => p.Whole32()
        )
        {
            Name = "--rounds",
            Default = 1,
            Range = RunBounds.Rounds.Problem,
        };

    public static RunOption<string?> Keep { get; } =
        new(
            "keep",
            $"The pass rates that tasks keep in the next run's shares (default: {KeepBand.Usual}); with it, {KeepBand.UsualRounds} rounds "
                + "play each task unless --rounds says otherwise.",
            (p, _) => p.Text
        )
        {
            Name = "--keep",
        };

    public static RunOption<int?> Worlds { get; } =
        new(
            "worlds",
            "How many databases each pack makes, each with names, prices and policy of its own; 0 or 1: the pack's own alone.",
            (p, _) => p.Whole32()
        )
        {
            Name = "--worlds",
            Default = 0,
            Range = RunBounds.Worlds.Problem,
        };

    public static RunOption<int?> MaxNeedless { get; } =
        new(
            "max_needless",
            "Rejects a dialogue with more needless reads than this, 0 to 1000 (default: no limit; needless reads are noted).",
            (p, _) => p.Whole32()
        )
        {
            Name = "--max-needless",
            Range = RunBounds.MaxNeedless.Problem,
        };

    public static RunOption<bool?> Thoughts { get; } =
        new(
            "thoughts",
            "Lets the agent write a thought before each call; rows show it apart from what is said, and checks judge it.",
            (p, _) => FlagOf(p)
        )
        {
            Name = "--thoughts",
            Default = false,
        };

    public static RunOption<int?> FurtherAttempts { get; } =
        new("further_attempts", "How often a dialogue that its simulated human spoiled is tried again, 0 to 10.", (p, _) => p.Whole32())
        {
            Name = "--further-attempts",
            Default = 2,
            Range = RunBounds.FurtherAttempts.Problem,
        };

    /// <summary>The size where neither an option nor a file says another, and each world has as many indexes.</summary>
    public const int UsualPartitionSize = 2000;

    public static RunOption<int?> PartitionSize { get; } =
        new(
            "partition_size",
            $"Indexes a partition; decides shard files, so a resume must repeat it (default: {UsualPartitionSize}; with --worlds "
                + "at most the count divided by them, so that each world has a partition).",
            (p, _) => p.Whole32()
        )
        {
            Name = "--partition-size",
            Range = RunBounds.PartitionSize.Problem,
        };

    public static RunOption<int?> Concurrency { get; } =
        new("concurrency", "Dialogues in flight; changes no row.", (p, _) => p.Whole32())
        {
            Name = "--concurrency",
            Default = 64,
            Range = RunBounds.Concurrency.Problem,
        };

    public static RunOption<bool?> EarlyStop { get; } =
        new("early_stop", "Whether a dialogue ends as soon as no continuation can be accepted.", (p, _) => FlagOf(p))
        {
            FileOnly = "it goes with the endpoints that a spec names",
        };

    public static RunOption<string?> Accept { get; } =
        new(
            "accept",
            "The profile that a row must meet to be accepted: strict (all checks; the default), exact (those that compute), "
                + "tau-bench (its reward), apigen-mt (calls, replay and outcome).",
            (p, _) => p.OneOf([.. Profiles.All.Select(f => (Profiles.NameOf(f), f))]) is { } profile ? Profiles.NameOf(profile) : null
        )
        {
            Name = "--accept",
        };

    public static IReadOnlyList<RunOption> All { get; } =
    [
        Domains,
        Data,
        Blueprints,
        ExcludeTasks,
        Count,
        Seed,
        FaultRate,
        ErrorRate,
        Combined,
        Recombine,
        Slices,
        Rounds,
        Keep,
        Worlds,
        MaxNeedless,
        Thoughts,
        FurtherAttempts,
        PartitionSize,
        Concurrency,
        EarlyStop,
        Accept,
        .. BudgetOptions.All,
        .. ProposalOptions.All,
    ];

    // Relative to the file, so that a spec and its files can be moved together.
    internal static string PathOf(YamlPart part, string folder) => PathOf(part.Text, folder);

    private static string PathOf(string text, string folder) => Path.GetRelativePath(".", Path.Combine(folder, text));

    private static bool? FlagOf(YamlPart part)
    {
        if (part.Text is "true" or "false")
            return part.Text == "true";
        part.Fail($"it is true or false, not {part.Text}");
        return null;
    }
}
