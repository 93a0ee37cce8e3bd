namespace ConvoSynth.Runs.Folders;

/// <summary>Files that no commit record names: a crash left them, or a commit replaced them.</summary>
internal static class UncommittedFiles
{
    /// <summary>
    /// Removes those of earlier owners. Their epochs stand in the names, and no owner of these epochs can commit any more. So it is safe
    /// at any time, however late it runs: what a later owner commits has another name.
    /// </summary>
    /// <param name="commits">The commits when the epoch was claimed, or later.</param>
    public static void CleanUp(RunFolder run, int partition, long epoch, IReadOnlyList<CommitRecord> commits)
    {
        var committed = commits
            .SelectMany(commit => commit.Shards())
            .Select(entry => run.Resolve(entry.Shard.File))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var folder in ShardSets.All.Select(run.Folder))
            run.Storage.Delete(
                folder,
                [
                    .. run
                        .Storage.List(folder)
                        .Where(name =>
                            RunFolder.BelongsTo(partition, name)
                            && RunFolder.EpochIn(name) < epoch
                            && !committed.Contains(RunFolder.Combine(folder, name))
                        ),
                ]
            );
    }
}
