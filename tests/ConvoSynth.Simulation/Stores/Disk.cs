using ConvoSynth.Core;
using ConvoSynth.Runs;
using ConvoSynth.Simulation.Runtime;

namespace ConvoSynth.Simulation.Stores;

/// <summary>The process has died: nothing that it does afterwards has an effect.</summary>
internal sealed class ProcessDied() : Exception("the process died");

/// <summary>
/// Fails storage operations and lets the process die at one of them. One instance per process; the storage outlives it.
/// </summary>
internal sealed class Disk(
    SimulatedStore store,
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

    public void Attach() => (store.Before, store.After, store.Fates) = (Before, After, FateOf);

    private void Before(string operation, string path)
    {
        if (Died)
            throw new ProcessDied();
        if (!SimulatedCluster.IsOnATurnOfALivingSilo)
            Intruder ??= $"{operation} of {path} came from no turn of a living silo";
        _operations++;
        var name = Path.GetFileName(path);
        note?.Invoke($"  {operation} {path}");
        // A commit lasts until the record that adds the shard to the run is durable. It begins when the shard's bytes become durable: with
        // a sync, or with the last part of an upload.
        if (operation is "sync" or "stage" && name.TrimStart('.').StartsWith("train-", StringComparison.Ordinal))
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
            if (operation is "sync" or "append")
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
        if (operation is "sync" or "append" && name.EndsWith(".jsonl", StringComparison.Ordinal))
            _committing = false;
    }

    private ObjectFate FateOf(string operation, string path)
    {
        if (mishaps.ObjectsAnswerTwice > 0 && random.Chance(mishaps.ObjectsAnswerTwice))
        {
            figures.ObjectsTwice++;
            note?.Invoke($"the store gets {operation} of {path} twice");
            return random.Chance(0.5) ? ObjectFate.IsRepeated : ObjectFate.ArrivesAgainLater;
        }

        if (mishaps.ObjectsAnswerLate == 0 || !random.Chance(mishaps.ObjectsAnswerLate) || budgets.LateObjects-- <= 0)
            return ObjectFate.Arrives;
        Failures++;
        figures.ObjectsLate++;
        note?.Invoke($"the store gets {operation} of {path} late");
        return ObjectFate.ArrivesLate;
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
