using ConvoSynth.Grains;
using ConvoSynth.Shards;
using ConvoSynth.Shards.Rows;
using ConvoSynth.Shards.Runs;
using ConvoSynth.Shards.Storage;

namespace ConvoSynth.Simulation;

/// <summary>What must be true of a run's storage, whatever happened. Each returns the first violation as a sentence; null where there is none.</summary>
internal static class Invariants
{
    /// <summary>Of a run that is under way or was broken off: what is committed is whole, and is what the undisturbed run has.</summary>
    public static string? OfWhatIsCommitted(SimulatedCampaign campaign, MemoryStorage storage)
    {
        try
        {
            var folder = Expected.Folder(storage);
            var manifest = RunManifest.Read(folder);
            if (manifest.Verify(folder).FirstOrDefault() is { } finding) return finding.Problem;
            foreach (var commit in manifest.Commits.Where(c => !c.Partial))
            {
                foreach (var (_, shard) in commit.Shards())
                {
                    var path = folder.Resolve(shard.File);
                    if (!campaign.Expected.Files.TryGetValue(path, out var expected)) return $"{path} is committed, and the undisturbed run has no such shard";
                    if (!expected.AsSpan().SequenceEqual(Expected.BytesOf(storage, path))) return $"{path} has other bytes than in the undisturbed run";
                }
            }

            return OfRows(campaign, storage);
        }
        catch (ShardException e)
        {
            return e.Message;
        }
    }

    /// <summary>Of a run that has ended: the same files, byte for byte; every planned index once; the counts add up.</summary>
    public static string? OfTheWhole(SimulatedCampaign campaign, MemoryStorage storage, CampaignStatus status)
    {
        if (OfWhatIsCommitted(campaign, storage) is { } problem) return problem;
        var files = Expected.FilesIn(storage);
        if (files.Keys.Except(campaign.Expected.Files.Keys, StringComparer.Ordinal).FirstOrDefault() is { } extra) return $"{extra} is left over";
        if (campaign.Expected.Files.Keys.Except(files.Keys, StringComparer.Ordinal).FirstOrDefault() is { } missing) return $"{missing} is missing";
        var rows = Expected.RowsIn(storage).ToArray();
        var own = rows.Where(r => r.Status != RowStatus.Retried).ToArray();
        if (!own.Select(r => r.Index).Order().SequenceEqual(Enumerable.Range(0, (int)campaign.Spec.Count).Select(i => (long)i)))
            return $"the rows are of the indexes {string.Join(", ", own.Select(r => r.Index).Order())}";
        if (status.Counts.Done + status.Restored != campaign.Spec.Count) return $"the campaign counts {status.Counts.Done} rows and {status.Restored} restored ones of {campaign.Spec.Count}";
        if (status.Restored == 0 && Counts(status) != Counts(own, rows.Length - own.Length)) return $"the campaign counts {Counts(status)} where the rows are {Counts(own, rows.Length - own.Length)}";
        if (rows.FirstOrDefault(r => r is { Status: RowStatus.Accepted, PlantedFault: not null }) is { } planted) return $"the row {planted.Id} is accepted with the planted fault {planted.PlantedFault}";
        return own.Where(r => r.Status == RowStatus.Accepted && !campaign.SilenceFailsAt(r.Index)).Select(r => $"an agent that says nothing passes the blueprint of the accepted row {r.Id}").FirstOrDefault();
    }

    private static string? OfRows(SimulatedCampaign campaign, MemoryStorage storage)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in Expected.RowsIn(storage))
        {
            if (!seen.Add(row.Id)) return $"the row {row.Id} is in two committed places";
            if (!campaign.Expected.Rows.TryGetValue(row.Id, out var expected)) return $"the undisturbed run has no row {row.Id}";
            if (Expected.Text(row) != expected) return $"the row {row.Id} is not that of the undisturbed run";
        }

        return null;
    }

    private static (long, long, long, long) Counts(CampaignStatus status) => (status.Counts.Accepted, status.Counts.Rejected, status.Counts.Failed, status.Counts.Retried);

    private static (long, long, long, long) Counts(ShardRow[] own, long retried) =>
        (own.Count(r => r.Status == RowStatus.Accepted), own.Count(r => r.Status == RowStatus.Rejected), own.Count(r => r.Status == RowStatus.Failed), retried);
}
