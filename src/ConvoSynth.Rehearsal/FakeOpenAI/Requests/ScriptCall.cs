using ConvoSynth.Models.Journal;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Requests;

/// <summary>The settings of a run that decide its blueprints and scripts, as the request states them.</summary>
/// <param name="Domains">Names in rotation, separated by commas.</param>
/// <param name="Data">A folder with another database, as a path on the endpoint's machine.</param>
/// <param name="Blueprints">A file of handwritten tasks, as a path on the endpoint's machine.</param>
internal sealed record ScriptSettings(string Domains, long Seed, long? Count, double FaultRate, string? Data, string? Blueprints)
{
    /// <summary>The share of combined tasks.</summary>
    public double Combined { get; init; }

    /// <summary>The share of recombined tasks.</summary>
    public double Recombine { get; init; }

    /// <summary>The shares of slices, as in a run spec; null where it gives none.</summary>
    public string? Slices { get; init; }

    /// <summary>The share of proposed tasks; null where the run has no proposer.</summary>
    public double? Proposals { get; init; }

    /// <summary>How many dialogues play each task; 0 where each has its own.</summary>
    public int Rounds { get; init; }

    /// <summary>Whether the agent writes thoughts.</summary>
    public bool Thoughts { get; init; }

    /// <summary>How many databases the run has for each domain; 0 where it has one.</summary>
    public int Worlds { get; init; }

    /// <summary>Indexes of a partition, which is about one world; null where the run has one database.</summary>
    public int? PartitionSize { get; init; }
}

/// <summary>The line of a script that a request asks for.</summary>
/// <param name="Candidates">For a critique: the number of candidates.</param>
internal sealed record ScriptCall(ScriptSettings Settings, CallKey Key, int? Candidates)
{
    /// <summary>The beginning of a judge's role, before the seat's name.</summary>
    public const string JudgePrefix = "judge:";

    public bool IsJudge => Key.Role.StartsWith(JudgePrefix, StringComparison.Ordinal);

    /// <summary>For a judge: whether it votes on a task before it is played.</summary>
    public bool IsOnTask => Key.Part.StartsWith("blueprint", StringComparison.Ordinal);

    /// <summary>For a judge: whether it votes on a dialogue or a task, and does not answer a single question.</summary>
    public bool IsVote => IsOnTask || Key.Part.StartsWith("committee", StringComparison.Ordinal);

    /// <summary>For a judge: whether 1 and yes say that something is wrong.</summary>
    public bool IsSwapped => Key.Part.Split('/')[0] is "swapped" or "committee-swapped" or "blueprint-swapped";
}
