using System.Collections.Immutable;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Trajectories;

/// <summary>
/// The effect of a partition's rows, in index order, on later rows: quarantine of a family, stop of a domain. It is decided only here, so
/// it depends on rows and not on which dialogue ended first.
/// </summary>
public sealed class RowRulings
{
    /// <summary>Reject reason of a row whose family is in quarantine.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>Reject reason of a row whose domain an earlier row stopped.</summary>
    public const string Stopped = "domain-stopped";

    private readonly HashSet<string> _families;
    private readonly SortedDictionary<string, StoppedDomain> _told = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StoppedDomain> _found = new(StringComparer.Ordinal);

    /// <param name="told">Domains that were stopped before the partition's first row.</param>
    /// <param name="families">Families that committed rows quarantined.</param>
    /// <param name="found">Domains that committed rows stopped.</param>
    public RowRulings(IEnumerable<StoppedDomain> told, IEnumerable<string> families, IEnumerable<StoppedDomain> found)
    {
        _families = new(families, StringComparer.Ordinal);
        foreach (var stop in told)
            _told[stop.Domain] = stop;
        foreach (var stop in found)
            _found[stop.Domain] = stop;
    }

    /// <summary>Domains that this partition's own rows stopped, ordered by name.</summary>
    public ImmutableArray<StoppedDomain> Found => [.. _found.Values];

    /// <summary>All domains that are stopped in this partition.</summary>
    public ImmutableArray<StoppedDomain> All => [.. _told.Values, .. _found.Values.Where(s => !_told.ContainsKey(s.Domain))];

    /// <summary>The rows of the next index in their final form, and their effect on later rows.</summary>
    public (IReadOnlyList<ShardRow> Rows, string? Quarantines, StoppedDomain? Stops) Take(
        RunSpec spec,
        IReadOnlyList<ShardRow> rows,
        Consequence consequence
    )
    {
        var own = rows[^1];
        // Drops whatever was played: whether it was played at all depends on timing.
        if (_told.ContainsKey(own.Domain) || _found.ContainsKey(own.Domain))
            return ([TrajectoryRows.FailedRow(spec, own.Index, 0, Stopped)], null, null);
        var isQuarantined = own.FamilyId is { } family && _families.Contains(family);
        if (isQuarantined)
            own = own with
            {
                Status = RowStatus.Rejected,
                RejectReasons = [Quarantined, .. own.RejectReasons],
                UndecidedReasons = [],
                Passes = [],
            };
        var quarantines = consequence == Consequence.QuarantineFamily && !isQuarantined ? own.FamilyId : null;
        if (quarantines is not null)
            _families.Add(quarantines);
        var stops =
            consequence == Consequence.StopDomain ? new StoppedDomain(own.Domain, own.Index, string.Join("; ", own.RejectReasons)) : null;
        if (stops is not null)
            _found[stops.Domain] = stops;
        return ([.. rows.SkipLast(1), own], quarantines, stops);
    }
}
