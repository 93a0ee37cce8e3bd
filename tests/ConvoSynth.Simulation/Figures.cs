using System.Globalization;

namespace ConvoSynth.Simulation;

/// <summary>Counts of what happened.</summary>
internal sealed record Figures
{
    public long Seeds { get; set; }

    public long Failing { get; set; }

    public long Steps { get; set; }

    public long Processes { get; set; }

    public long Deaths { get; set; }

    /// <summary>Deaths during the commit of a shard, by the operation that was prevented.</summary>
    public SortedDictionary<string, long> DeathsInCommit { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Deaths at an operation on a journal.</summary>
    public long DeathsInJournal { get; set; }

    public long JournalSyncs { get; set; }

    /// <summary>Seeds whose model answers are journaled.</summary>
    public long Journaled { get; set; }

    /// <summary>
    /// Paid answers of journaled models; <see cref="SoldAgain"/> were paid for again, <see cref="Lost"/> were lost with their process.
    /// </summary>
    public long Sold { get; set; }

    public long SoldAgain { get; set; }

    public long Lost { get; set; }

    public long ActivationsCrashed { get; set; }

    public long ActivationsForgotten { get; set; }

    /// <summary>Silos that died during a campaign; <see cref="DiedWithSilos"/> activations died with them.</summary>
    public long SiloDeaths { get; set; }

    public long DiedWithSilos { get; set; }

    /// <summary>Locks held by a suspended process; <see cref="LocksMet"/> attempts failed on them.</summary>
    public long LocksHeld { get; set; }

    public long LocksMet { get; set; }

    public long Stops { get; set; }

    public long CallsLost { get; set; }

    public long ResponsesLost { get; set; }

    public long CallsDoubled { get; set; }

    public long CallsLate { get; set; }

    public long StorageErrors { get; set; }

    public long LateStorageErrors { get; set; }

    public long DiskFull { get; set; }

    /// <summary>Seeds whose run is kept in an object store.</summary>
    public long OnObjects { get; set; }

    /// <summary>Operations of an object store that had their effect after their caller saw an error, and that had it twice.</summary>
    public long ObjectsLate { get; set; }

    public long ObjectsTwice { get; set; }

    public long SlowModels { get; set; }

    public long TransientModels { get; set; }

    public long ThrowingModels { get; set; }

    public long SilentModels { get; set; }

    public long Commits { get; set; }

    public long Rows { get; set; }

    public long Undecided { get; set; }

    public long Retried { get; set; }

    public long Quarantined { get; set; }

    public long DomainStopped { get; set; }

    /// <summary>Requests that processes sent on an account, and owners of that account that were lost on the way.</summary>
    public long AccountRequests { get; set; }

    public long OwnersLost { get; set; }

    public void Add(Figures other)
    {
        foreach (var property in typeof(Figures).GetProperties().Where(p => p.PropertyType == typeof(long)))
            property.SetValue(this, (long)property.GetValue(this)! + (long)property.GetValue(other)!);
        foreach (var (operation, count) in other.DeathsInCommit)
            DeathsInCommit[operation] = DeathsInCommit.GetValueOrDefault(operation) + count;
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Seeds} seeds, {Steps} steps, {Processes} processes, {Commits} commits, {Rows} rows ({RowKinds})
            processes that died      {Deaths}, of which while a shard was being committed {DeathsInCommit.Values.Sum()} ({CommitKinds})
            journals                 {JournalWork}, {DeathsInJournal} deaths at one of their operations
            activations that died    {ActivationsCrashed}; forgotten by the directory and alive {ActivationsForgotten}
            silos that died          {SiloDeaths}, with {DiedWithSilos} activations
            runs stopped             {Stops}
            calls                    lost {CallsLost}, responses lost {ResponsesLost}, doubled {CallsDoubled}, late {CallsLate}
            storage failures         {StorageErrors} errors, {LateStorageErrors} after their effect, {DiskFull} full disks, {Locks}
            object stores            {OnObjects} seeds, {ObjectsLate} operations that came late, {ObjectsTwice} that came twice
            model failures           {ThrowingModels} exceptions, {TransientModels} that pass, {SlowModels} slow answers, {Silences}
            accounts                 {AccountRequests} requests over {OwnersLost} lost owners
            """
        );

    private string JournalWork => $"{Journaled} seeds, {Payments}, {JournalSyncs} syncs";

    private string RowKinds =>
        $"{Undecided} undecided, {Retried} tried again, {Quarantined} quarantined, {DomainStopped} of stopped domains";

    private string CommitKinds => string.Join(", ", DeathsInCommit.Select(d => $"{d.Key} {d.Value}"));

    private string Payments => $"{Sold} answers paid for ({SoldAgain} again, {Lost} lost with their process)";

    private string Silences => $"{SilentModels} never answered";

    private string Locks => $"{LocksHeld} locks of a process that sleeps, met {LocksMet} times";
}
