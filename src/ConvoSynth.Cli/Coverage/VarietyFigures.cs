namespace ConvoSynth.Cli.Coverage;

/// <summary>How different a number of tasks are by what their gold does. Counts are means where several draws stand behind them.</summary>
/// <param name="Sequences">Distinct sequences of tools.</param>
/// <param name="Canonical">The same without tools that read nothing, each run of one tool counted once.</param>
/// <param name="Writes">Distinct multisets of writing tools.</param>
/// <param name="Plans">
/// Distinct canonical plans: tools, the origin of each argument, branches and clauses. 0 for tasks of other makers.
/// </param>
/// <param name="Commonest">The share of tasks that have one of the ten commonest canonical sequences, 0 to 1.</param>
internal sealed record VarietyFigures(long Tasks, double Sequences, double Canonical, double Writes, double Plans, double Commonest)
{
    /// <summary>The share of tasks without a write, 0 to 1.</summary>
    public double Writeless { get; init; }

    /// <summary>The share of tasks with two or more writes, 0 to 1.</summary>
    public double ManyWrites { get; init; }

    public int MostWrites { get; init; }

    /// <summary>The share of tasks whose literal plan an earlier task of their world has, 0 to 1.</summary>
    public double Repeated { get; init; }

    /// <summary>The share of tasks that have the commonest canonical plan, 0 to 1.</summary>
    public double CommonestPlan { get; init; }

    /// <summary>Depth of a task: median and ninth decile.</summary>
    public (int Median, int Tenth) Depths { get; init; }

    /// <summary>Canonical sequences that at least <see cref="PlanVariety.Counted"/> tasks have.</summary>
    public long CommonCanonical { get; init; }

    /// <summary>Multisets of writes that at least <see cref="PlanVariety.Counted"/> tasks have.</summary>
    public long CommonWrites { get; init; }

    /// <summary>Calls of a task: median and ninth decile.</summary>
    public (int Median, int Tenth) Calls { get; init; }

    /// <summary>
    /// The longest chain of calls in which an argument first stands in the observation of the call before: median and ninth decile.
    /// </summary>
    public (int Median, int Tenth) Chains { get; init; }
}
