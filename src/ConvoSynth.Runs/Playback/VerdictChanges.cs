using ConvoSynth.Core.Verdicts;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Runs.Trajectories;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Runs.Playback;

/// <summary>The differences between the verdicts of two runs over the same dialogues.</summary>
/// <param name="Rows">The second run's number of rows.</param>
/// <param name="Changed">Rows with another status or other reasons, and rows that one of the runs lacks.</param>
/// <param name="Statuses">From → to, for rows whose status changed; <c>none</c> if a run lacks the row.</param>
/// <param name="Reasons">Reason of a rejection, or <c>undecided:</c> and the undecided check → how many rows lost and gained it.</param>
/// <param name="Verdicts">Check, from → to; <c>none</c> if a check did not run.</param>
public sealed record VerdictChanges(
    long Rows,
    long Changed,
    SortedDictionary<string, long> Statuses,
    SortedDictionary<string, (long Lost, long Gained)> Reasons,
    SortedDictionary<string, long> Verdicts
)
{
    private const string None = "none";

    private static readonly string[] Columns = ["id", "status", "reject_reasons", "undecided_reasons", "verdicts"];
    private static readonly string[] Severity = ["skipped", "pass", "noted", "unsure", "fail"];
    private static readonly Dictionary<Outcome, string> Texts = new()
    {
        [Outcome.Skipped] = "skipped",
        [Outcome.Pass] = "pass",
        [Outcome.Noted] = "noted",
        [Outcome.Unsure] = "unsure",
        [Outcome.Fail] = "fail",
    };

    /// <summary>Compares partition by partition, to bound memory for runs of any size.</summary>
    public static VerdictChanges Between(RunFolder before, RunFolder after)
    {
        var (a, b) = (new RunReader(before), new RunReader(after));
        var changes = new VerdictChanges(0, 0, new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        foreach (var partition in a.Manifest.Commits.Concat(b.Manifest.Commits).Select(c => c.Partition).Distinct().Order())
        {
            var (old, now) = (Of(a, partition), Of(b, partition));
            var changed = old
                .Keys.Union(now.Keys, StringComparer.Ordinal)
                .LongCount(id => changes.Add(old.GetValueOrDefault(id), now.GetValueOrDefault(id)));
            changes = changes with { Rows = changes.Rows + now.Count, Changed = changes.Changed + changed };
        }

        return changes;
    }

    /// <summary>Every check that has a verdict in the run's rows, without a benchmark's conditions.</summary>
    public static IReadOnlySet<string> ChecksOf(RunFolder run) =>
        new SortedSet<string>(
            new RunReader(run).Rows(columns: Columns).SelectMany(r => Outcomes(r).Keys).Where(IsCheck),
            StringComparer.Ordinal
        );

    private static Dictionary<string, ShardRow> Of(RunReader run, int partition)
    {
        var rows = new Dictionary<string, ShardRow>(StringComparer.Ordinal);
        foreach (var (_, shard) in run.Manifest.Commits.Where(c => c.Partition == partition).SelectMany(c => c.Shards()))
        {
            using var file = run.Open(shard);
            foreach (var row in file.Read(Columns))
                rows[row.Id] = EarlierRows.AsToday(row);
        }

        return rows;
    }

    /// <returns>Whether its status or its reasons changed.</returns>
    private bool Add(ShardRow? old, ShardRow? now)
    {
        var changed = old?.Status != now?.Status;
        if (changed)
            Up(Statuses, $"{old?.Status ?? None} → {now?.Status ?? None}");
        var (had, has) = (ReasonsOf(old), ReasonsOf(now));
        foreach (var reason in had.Except(has, StringComparer.Ordinal))
            Reasons[reason] = Reasons.GetValueOrDefault(reason) is var (lost, gained) ? (lost + 1, gained) : default;
        foreach (var reason in has.Except(had, StringComparer.Ordinal))
            Reasons[reason] = Reasons.GetValueOrDefault(reason) is var (lost, gained) ? (lost, gained + 1) : default;
        changed |= !had.SequenceEqual(has, StringComparer.Ordinal);
        if (old is null || now is null)
            return changed;
        var (before, after) = (Outcomes(old), Outcomes(now));
        foreach (var check in before.Keys.Union(after.Keys, StringComparer.Ordinal))
        {
            var (from, to) = (before.GetValueOrDefault(check, None), after.GetValueOrDefault(check, None));
            if (from != to)
                Up(Verdicts, $"{check} {from} → {to}");
        }

        return changed;
    }

    private static bool IsCheck(string name) => !name.StartsWith($"{TauBenchOutcome.Stage}.", StringComparison.Ordinal);

    private static string[] ReasonsOf(ShardRow? row) =>
        row is null ? [] : [.. row.RejectReasons, .. row.UndecidedReasons.Select(r => $"{EarlierRows.Undecided}{r}")];

    // A check with several verdicts counts by its worst one.
    private static SortedDictionary<string, string> Outcomes(ShardRow row)
    {
        var outcomes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var verdict in RowConversation.VerdictsOf(row))
        {
            var (name, outcome) = ($"{verdict.Stage}.{verdict.Check}", Texts[verdict.Outcome]);
            if (!outcomes.TryGetValue(name, out var held) || Array.IndexOf(Severity, outcome) > Array.IndexOf(Severity, held))
                outcomes[name] = outcome;
        }

        return outcomes;
    }

    private static void Up(SortedDictionary<string, long> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
