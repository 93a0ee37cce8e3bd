using System.Text.Json.Serialization;

namespace ConvoSynth.Core.Campaigns;

/// <summary>Tasks that a language model proposes, in place of sampled ones.</summary>
public sealed record ProposalSpec
{
    public const int UsualRounds = 3;

    /// <summary>The endpoint that proposes.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How often a refused proposal is asked for again, with the reasons.</summary>
    /// <value>3 by default, 0 to 5. APIGen-MT used 3 and 5.</value>
    public int Rounds { get; init; } = UsualRounds;

    /// <summary>The endpoint that sums up the reasons for the proposer; null: they are listed as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Summarizer { get; init; }

    /// <summary>Share of the tasks that are proposed; the others are sampled.</summary>
    /// <value>1 by default.</value>
    public double Share { get; init; } = 1;

    /// <summary>A finished run, or a file of examples, that the proposer is shown tasks of; null: sampled tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Examples { get; init; }

    /// <returns>The first problem, as a sentence that names the value; null if there is none.</returns>
    internal string? Problem(RunSpec spec)
    {
        // Each of these asks for another task than the proposed one.
        var other =
            spec.Blueprints is { } file ? $"the tasks of {file}"
            : spec.Slices is not null ? "shares of slices"
            : spec.Combined > 0 ? "combined intents"
            : spec.HasWorlds ? "several worlds"
            : spec.Rounds > 1 ? "several rounds of one task"
            : null;
        if (other is not null)
            return $"a model is to propose tasks, and {other} are wanted too; leave one of the two out";
        if (spec.Roles is { Writer: { } writer })
            return $"the proposer words its tasks itself, and \"{writer}\" is to word them; leave the writer out";
        return RunBounds.ProposalRounds.Problem("the number of a proposal's further rounds", Rounds)
            ?? RunBounds.Share.Problem("the share of proposed tasks", Share);
    }

    /// <summary>Whether a task is proposed: a function of the run's seed and the task's number.</summary>
    public bool Proposes(long seed, long task) => Share >= 1 || new Seed((ulong)seed).For("proposals").For(task).Random().Chance(Share);
}
