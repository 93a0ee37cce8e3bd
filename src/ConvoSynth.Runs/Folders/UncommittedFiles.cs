namespace ConvoSynth.Runs.Folders;

/// <summary>Files that a crash left and that no commit record names.</summary>
internal static class UncommittedFiles
{
    public static void CleanUp(RunFolder run, int partition, IReadOnlyList<CommitRecord> commits)
    {
        var committed = commits
            .SelectMany(commit => commit.Shards())
            .Select(entry => run.Resolve(entry.Shard.File))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var folder in ShardSets.All.Select(run.Folder))
            Delete(run, folder, name => RunFolder.BelongsTo(partition, name) && !committed.Contains(RunFolder.Combine(folder, name)));
    }

    // Durable at once: after a power loss, a name that reappears would look like a shard of the run to programs that read folders.
    public static void Delete(RunFolder run, string folder, Predicate<string> which)
    {
        var deleted = false;
        foreach (var name in run.Storage.List(folder))
        {
            if (!which(name))
                continue;
            run.Storage.Delete(RunFolder.Combine(folder, name));
            deleted = true;
        }

        if (deleted)
            run.Storage.SyncFolder(folder);
    }
}
