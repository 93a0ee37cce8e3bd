using ConvoSynth.Core;
using ConvoSynth.Runs;
using ConvoSynth.Runs.Storage;
using ConvoSynth.Simulation.Runtime;

namespace ConvoSynth.Simulation;

/// <summary>The process has died: nothing that it does afterwards has an effect.</summary>
internal sealed class ProcessDied() : Exception("the process died");

/// <summary>
/// Fails storage operations and lets the process die at one of them. One instance per process; the storage outlives it.
/// </summary>
internal sealed class Disk(
    MemoryStorage storage,
    SeededRandom random,
    Mishaps mishaps,
    Budgets budgets,
    Figures figures,
    TimeProvider time,
    Action<string>? note
)
{
    private int _operations;
    private bool _committing;

    public bool Died { get; private set; }

    /// <summary>Storage failures that this process met.</summary>
    public int Failures { get; private set; }

    /// <summary>The first storage change from outside the turns of a living silo's activations.</summary>
    public string? Intruder { get; private set; }

    public void Attach() => (storage.Before, storage.After) = (Before, After);

    private void Before(string operation, string path)
    {
        if (Died)
            throw new ProcessDied();
        if (!SimulatedCluster.IsOnATurnOfALivingSilo)
            Intruder ??= $"{operation} of {path} came from no turn of a living silo";
        _operations++;
        var name = Path.GetFileName(path);
        note?.Invoke($"  {operation} {path}");
        // A commit lasts from the first sync of a shard's bytes to the sync of the record that adds the shard to the run.
        if (operation == "sync" && name.StartsWith(".train-", StringComparison.Ordinal))
            _committing = true;
        var isJournal = name.EndsWith(".journal", StringComparison.Ordinal);
        if (_committing && !isJournal && random.Chance(mishaps.DeathInCommit) && budgets.Deaths-- > 0)
        {
            Die();
            var kind =
                operation == "sync" && name.EndsWith(".jsonl", StringComparison.Ordinal) ? "sync of the record"
                : name.EndsWith(".jsonl", StringComparison.Ordinal) ? $"{operation} of the record"
                : $"{operation} of the shard";
            figures.DeathsInCommit[kind] = figures.DeathsInCommit.GetValueOrDefault(kind) + 1;
            note?.Invoke($"the process dies before this {kind}");
            throw new ProcessDied();
        }

        if (isJournal)
        {
            if (operation == "sync")
                figures.JournalSyncs++;
            if (random.Chance(mishaps.DeathInJournal) && budgets.Deaths-- > 0)
            {
                Die();
                figures.DeathsInJournal++;
                note?.Invoke($"the process dies before this {operation} of the journal");
                throw new ProcessDied();
            }
        }

        if (operation == "open" && name.EndsWith(".jsonl", StringComparison.Ordinal))
            MeetLock(path);
        Fail(operation, path);
        if (operation == "sync" && name.EndsWith(".jsonl", StringComparison.Ordinal))
            _committing = false;
    }

    // The operation has had its effect, and its caller cannot know.
    private void After(string operation, string path)
    {
        if (mishaps.LateStorageError == 0 || !random.Chance(mishaps.LateStorageError) || budgets.LateStorageErrors-- <= 0)
            return;
        Failures++;
        figures.LateStorageErrors++;
        note?.Invoke($"storage fails after {operation} of {path}");
        throw new ShardException(ShardError.Storage, $"'{path}': input/output error.");
    }

    // The lock outlives this process: a suspended process holds it.
    private void MeetLock(string path)
    {
        var now = time.GetTimestamp();
        if (mishaps.LockHeld > 0 && random.Chance(mishaps.LockHeld) && budgets.Locks-- > 0)
        {
            budgets.HeldUntil[path] = now + (long)(Mishaps.LongestLock.Ticks * random.NextDouble());
            figures.LocksHeld++;
            note?.Invoke($"a process that sleeps holds {path}");
        }

        if (budgets.HeldUntil.GetValueOrDefault(path) <= now)
            return;
        Failures++;
        figures.LocksMet++;
        throw new ShardException(ShardError.Busy, $"'{path}' is held by another process at this moment.");
    }

    private void Fail(string operation, string path)
    {
        if (mishaps.DiskFullAfter > 0 && _operations > mishaps.DiskFullAfter && operation is "create" or "write" && budgets.FullDisks > 0)
        {
            if (Failures++ == 0)
                figures.DiskFull++;
            throw new ShardException(ShardError.DiskFull, $"'{path}' cannot be written: the disk is full.");
        }

        if (!random.Chance(mishaps.StorageError) || budgets.StorageErrors-- <= 0)
            return;
        Failures++;
        figures.StorageErrors++;
        note?.Invoke($"storage fails at {operation} of {path}");
        throw new ShardException(ShardError.Storage, $"'{path}': input/output error.");
    }

    public void Die()
    {
        Died = true;
        figures.Deaths++;
    }
}

/// <summary>How many mishaps of each kind may still happen.</summary>
internal sealed class Budgets(int each)
{
    public int Deaths { get; set; } = each;

    public int Crashes { get; set; } = each;

    public int Forgettings { get; set; } = each;

    public int SiloDeaths { get; set; } = each;

    public int Locks { get; set; } = each;

    /// <summary>Path → the time until which a suspended process holds its lock.</summary>
    public Dictionary<string, long> HeldUntil { get; } = new(StringComparer.Ordinal);

    public int Stops { get; set; } = each;

    public int StorageErrors { get; set; } = each;

    public int LateStorageErrors { get; set; } = each;

    public int FullDisks { get; set; } = 1;
}
