using ConvoSynth.Core.Verdicts;

namespace ConvoSynth.Core.Campaigns;

// What may be wrong with a specification.
public sealed partial record RunSpec
{
    private string? OutOfRange =>
        RunBounds.Share.Problem("the fault rate", FaultRate)
        ?? RunBounds.Share.Problem("the error rate", ErrorRate)
        ?? RunBounds.Share.Problem("the share of combined tasks", Combined)
        ?? RunBounds.Share.Problem("the share of recombined tasks", Recombine)
        ?? RunBounds.Worlds.Problem("the number of worlds", Worlds)
        ?? (Rounds == 0 ? null : RunBounds.Rounds.Problem("the number of rounds", Rounds))
        ?? RunBounds.MaxNeedless.Problem("the limit of needless reads", MaxNeedless)
        ?? RunBounds.FurtherAttempts.Problem("the number of further attempts", FurtherAttempts)
        ?? RunBounds.PartitionSize.Problem("the partition size", PartitionSize);

    /// <returns>The first problem, as a sentence that names the value; null if there is none.</returns>
    public string? Problem()
    {
        if (RunId.Length is 0 or > 100 || RunId.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            return $"the run id \"{RunId}\" must be 1 to 100 letters, digits, '-', '_' or '.'";
        if (Domains.IsDefaultOrEmpty)
            return "no domain is given; name at least one with --domain";
        if (Domains.Distinct(StringComparer.Ordinal).Count() != Domains.Length)
            return $"a domain is named twice: {string.Join(", ", Domains)}";
        if (Count < 1)
            return $"the count is {Count}; it must be at least 1";
        if (OutOfRange is { } outside)
            return outside;
        if (ErrorRate > 0 && Model == OnEndpoints)
            return $"the error rate is {ErrorRate}, and only the rehearsal model makes errors to get over; leave it out";
        if (ExcludeTasks is not null && Blueprints is not null)
            return "tasks to exclude are given beside tasks by hand, which are played as they are; leave one of them out";
        if (ExcludeTasks is not null && Endpoints.Any(e => e.Rehearsal))
            return "the test endpoint (rehearsal: true) draws the tasks itself and knows none to exclude; leave exclude_tasks out";
        if (Slices is not null && SliceShares.Problem(Slices) is { } shares)
            return shares;
        if (Keep is not null && KeepBand.Problem(Keep) is { } band)
            return band;
        if (Slices is not null && (Blueprints ?? Recorded) is { } given)
            return $"shares of slices are given beside the tasks of {given}, which are played as they are; leave one of them out";
        if (Rounds > 1 && (Blueprints ?? Recorded) is { } fixedTasks)
            return $"{Rounds} rounds are wanted, and the tasks of {fixedTasks} take turns by themselves; leave one of the two out";
        if (Recombine > 0 && (Blueprints ?? Recorded ?? Slices ?? (HasWorlds ? $"{Worlds} worlds" : null)) is { } unjoined)
            return $"sampled tasks are to be recombined beside {unjoined}; leave one of the two out";
        if (!Enum.IsDefined(Accept))
            return $"the profile {Accept} is none of {string.Join(", ", Profiles.All.Select(Profiles.NameOf))}";
        if (HasWorlds && (Data ?? Blueprints ?? Recorded) is { } fixedRows)
            return $"{Worlds} worlds are wanted, and {fixedRows} is about one database; leave out one of the two";
        if (Count / PartitionSize > 99_999)
            return $"{Count} dialogues at {PartitionSize} a partition are more than 100000 partitions; raise the partition size";
        if (Model != OnEndpoints)
            return null;
        if (FaultRate > 0 && !Endpoints.IsDefault && !Endpoints.Any(e => e.Rehearsal))
            return $"the fault rate is {FaultRate}, and none of the endpoints is the test endpoint (rehearsal: true): "
                + "no other model plants faults; leave it out";
        return EndpointProblems.Of(Endpoints, Roles) ?? Proposals?.Problem(this);
    }
}
