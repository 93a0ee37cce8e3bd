namespace ConvoSynth.Runs.Folders;

/// <summary>Makes shards part of the run: first their names, then the record that refers to them.</summary>
internal static class Publication
{
    /// <exception cref="ShardException">Storage fails, or a newer owner has claimed the partition: then nothing is left.</exception>
    public static void Commit(RunFolder run, CommitLog log, CommitRecord record, IReadOnlyCollection<OpenShard> shards)
    {
        try
        {
            foreach (var shard in shards)
                shard.Publish();
        }
        catch (ShardException)
        {
            // A newer owner removes what an earlier one has not committed, and losing a partition is no failure of storage.
            log.RequireOwnerNow();
            throw;
        }

        try
        {
            log.Commit(record);
        }
        catch (ShardException e) when (e.Fault == ShardError.LostOwnership)
        {
            Withdraw(run, record);
            throw;
        }
    }

    // No later owner may come to remove them. They are no part of the run in any case.
    private static void Withdraw(RunFolder run, CommitRecord record)
    {
        try
        {
            foreach (var (set, shard) in record.Shards())
                run.Storage.Delete(run.Folder(set), [shard.File[(shard.File.LastIndexOf('/') + 1)..]]);
        }
        catch (ShardException)
        {
            // The caller reports the lost partition, which ends no run; a failure here must not do so either.
        }
    }
}
