using ConvoSynth.Core.Verdicts;
using ConvoSynth.Grains.Campaign;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Folders;
using ConvoSynth.Runs.Rows;
using ConvoSynth.Simulation.Stores;

namespace ConvoSynth.Simulation;

/// <summary>
/// The invariants of a run's storage, whatever happened. Each method returns the first violation as a sentence, or null.
/// </summary>
internal static class Invariants
{
    /// <summary>For a run in progress or cut short: what is committed is complete and matches the undisturbed run.</summary>
    /// <param name="whole">The result of the undisturbed run; null if only this run's own journal can give it.</param>
    public static string? OfWhatIsCommitted(Expected? whole, RunFolder folder)
    {
        try
        {
            var manifest = RunManifest.Read(folder);
            if (manifest.Verify(folder).FirstOrDefault() is { } finding)
                return finding.Problem;
            if (whole is null)
                return null;
            foreach (var commit in manifest.Commits.Where(c => !c.Partial))
            {
                foreach (var (_, shard) in commit.Shards())
                {
                    var path = folder.Resolve(shard.File);
                    if (!whole.Files.TryGetValue(RunFolder.PlainName(path), out var expected))
                        return $"{path} is committed, and the undisturbed run has no such shard";
                    if (!expected.AsSpan().SequenceEqual(Expected.BytesOf(folder, path)))
                        return $"{path} has other bytes than in the undisturbed run{Difference(whole, folder, path)}";
                }
            }

            return manifest.Commits.Where(c => c.Partial).Select(c => OfPartial(whole, folder, c)).FirstOrDefault(p => p is not null);
        }
        catch (ShardException e)
        {
            return e.Message;
        }
    }

    /// <summary>For a finished run: the same files, byte for byte, and counts that match their rows.</summary>
    public static string? OfTheWhole(SimulatedCampaign campaign, Expected whole, SimulatedStore store, CampaignStatus status)
    {
        var folder = store.Folder;
        if (OfWhatIsCommitted(whole, folder) is { } problem)
            return problem;
        var committed = RunManifest.Read(folder).Commits.SelectMany(c => c.Shards()).Select(s => folder.Resolve(s.Shard.File)).ToArray();
        if (committed.Distinct(StringComparer.Ordinal).Count() != committed.Length)
            return "a shard is committed twice";
        if (whole.Files.Keys.Except(committed.Select(RunFolder.PlainName), StringComparer.Ordinal).FirstOrDefault() is { } missing)
            return $"{missing} is missing";
        // What an object store publishes after its owner has died is no part of the run, and no owner may come to remove it.
        if (
            Expected.FilesIn(folder).Keys.Except(committed, StringComparer.Ordinal).FirstOrDefault(f => !store.AppearedLate(f)) is { } extra
        )
            return $"{extra} is left over";
        return OfRows(campaign, whole, status);
    }

    /// <summary>
    /// For rows: every planned index occurs once, the campaign's counts match, and reasons fit the status. No row with a planted fault is
    /// accepted, and no accepted blueprint passes with a silent agent.
    /// </summary>
    public static string? OfRows(SimulatedCampaign campaign, Expected expected, CampaignStatus status)
    {
        var rows = expected.Rows;
        var own = rows.Where(r => r.Status != RowStatus.Retried).ToArray();
        if (!own.Select(r => r.Index).Order().SequenceEqual(Enumerable.Range(0, (int)campaign.Spec.Count).Select(i => (long)i)))
            return $"the rows are of the indexes {string.Join(", ", own.Select(r => r.Index).Order())}";
        if (status.Counts.Done + status.Restored != campaign.Spec.Count)
            return $"the campaign counts {status.Counts.Done} rows and {status.Restored} restored ones of {campaign.Spec.Count}";
        if (status.Restored == 0 && Counts(status) != Counts(own, rows.Count - own.Length))
            return $"the campaign counts {Counts(status)} where the rows are {Counts(own, rows.Count - own.Length)}";
        if (rows.FirstOrDefault(r => r is { Status: RowStatus.Accepted, PlantedFault: not null }) is { } planted)
            return $"the row {planted.Id} is accepted with the planted fault {planted.PlantedFault}";
        if (rows.FirstOrDefault(r => !IsTold(r)) is { } told)
            return $"the row {told.Id} is {told.Status} and has the reasons "
                + $"{string.Join(", ", told.RejectReasons.Concat(told.UndecidedReasons))}";
        return own.FirstOrDefault(r => r.Status == RowStatus.Accepted && !campaign.SilenceFailsAt(r.Index)) is { } vacuous
            ? $"an agent that says nothing passes the blueprint of the accepted row {vacuous.Id}"
            : null;
    }

    // Only failures reject a row, and only an undecided row lists unsure checks.
    private static bool IsTold(ShardRow row) =>
        row.UndecidedReasons.Count > 0 == (row.Status == RowStatus.Undecided)
        && row.RejectReasons.Count > 0 == (row.Status is RowStatus.Rejected or RowStatus.Failed or RowStatus.Retried);

    // A full shard is compared by bytes. A shard that a stop cut short has no counterpart, so its rows are compared.
    private static string? OfPartial(Expected whole, RunFolder folder, CommitRecord commit)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, shard) in commit.Shards())
        {
            var path = folder.Resolve(shard.File);
            using var file = ShardFile.Open(folder.Storage.OpenRead(path), path);
            foreach (var row in file.Read())
            {
                if (!seen.Add(row.Id))
                    return $"the row {row.Id} is in two committed places";
                if (!whole.Texts.TryGetValue(row.Id, out var expected))
                    return $"the undisturbed run has no row {row.Id}";
                if (Expected.Text(row) != expected)
                    return $"the row {row.Id} is not that of the undisturbed run";
                if (row.Index < commit.FirstIndex || row.Index > commit.LastIndex)
                    return $"the row {row.Id} is in the commit of {commit.FirstIndex} to {commit.LastIndex}";
            }
        }

        return null;
    }

    private static string Difference(Expected whole, RunFolder folder, string path)
    {
        using var file = ShardFile.Open(folder.Storage.OpenRead(path), path);
        foreach (var row in file.Read())
        {
            var text = Expected.Text(row);
            if (!whole.Texts.TryGetValue(row.Id, out var expected))
                return $": row {row.Id} is not in that run";
            if (text == expected)
                continue;
            var at = text.AsSpan().CommonPrefixLength(expected);
            return $": row {row.Id} has …{Excerpt(text, at)}… instead of …{Excerpt(expected, at)}…";
        }

        return "";
    }

    private static string Excerpt(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 120)];

    private static (long, long, long, long, long) Counts(CampaignStatus status) =>
        (status.Counts.Accepted, status.Counts.Undecided, status.Counts.Rejected, status.Counts.Failed, status.Counts.Retried);

    private static (long, long, long, long, long) Counts(ShardRow[] own, long retried)
    {
        return (Of(RowStatus.Accepted), Of(RowStatus.Undecided), Of(RowStatus.Rejected), Of(RowStatus.Failed), retried);

        long Of(string status) => own.Count(r => r.Status == status);
    }

    /// <summary>For paid answers: no durable answer is paid for twice, and no more are paid for again than were lost in flight.</summary>
    public static string? OfPayments(Provider provider, Mishaps mishaps)
    {
        if (provider.Violation is { } violation)
            return violation;
        // If only processes die, answers are paid for again only if they were in flight at a death. A lost activation also loses its
        // call.
        var onlyProcessesDie = mishaps is { ActivationCrashEvery: 0, ForgetEvery: 0, SiloDeathEvery: 0, Calls: 0 };
        return onlyProcessesDie && provider.SoldAgain > provider.Lost
            ? $"{provider.SoldAgain} answers were paid for again where {provider.Lost} were in flight when a process ended"
            : null;
    }
}
