using ConvoSynth.Core;

namespace ConvoSynth.Simulation;

/// <summary>
/// The mishaps of a seed and their frequency. Every kind has a budget, so that a campaign that is resumed reaches its end.
/// </summary>
internal sealed record Mishaps
{
    /// <summary>Share of calls that are lost, lose their response, arrive twice or arrive late.</summary>
    public double Calls { get; init; }

    /// <summary>Mean number of steps between crashes of some activations; 0 for never.</summary>
    public int ActivationCrashEvery { get; init; }

    /// <summary>Mean number of steps until the directory forgets some activations that stay alive; 0 for never.</summary>
    public int ForgetEvery { get; init; }

    /// <summary>Mean number of steps until a silo dies with all its activations and a new silo replaces it; 0 for never.</summary>
    public int SiloDeathEvery { get; init; }

    public int Silos { get; init; } = 1;

    /// <summary>Chance that a suspended process holds the lock of a commit log, for up to <see cref="LongestLock"/>.</summary>
    public double LockHeld { get; init; }

    /// <summary>Mean number of steps until the process dies; 0 for never.</summary>
    public int DeathEvery { get; init; }

    /// <summary>Chance per storage operation during a commit that the process dies.</summary>
    public double DeathInCommit { get; init; }

    /// <summary>Chance per storage operation on a journal that the process dies.</summary>
    public double DeathInJournal { get; init; }

    /// <summary>Mean number of steps until the run is stopped, as by Ctrl-C; 0 for never.</summary>
    public int StopEvery { get; init; }

    /// <summary>Chance that a storage operation fails.</summary>
    public double StorageError { get; init; }

    /// <summary>Chance that a storage operation fails after it has had its effect.</summary>
    public double LateStorageError { get; init; }

    /// <summary>Whether the run is kept in an object store instead of on a disk.</summary>
    public bool OnObjects { get; init; }

    /// <summary>Chance that an operation on an object store fails for its caller and has its effect later.</summary>
    public double ObjectsAnswerLate { get; init; }

    /// <summary>Chance that an operation on an object store has its effect twice: at once, or again later.</summary>
    public double ObjectsAnswerTwice { get; init; }

    /// <summary>Storage operations after which the disk is full, until the process is restarted; 0 for never.</summary>
    public int DiskFullAfter { get; init; }

    /// <summary>Share of model calls that take seconds, some longer than the response timeout.</summary>
    public double SlowModel { get; init; }

    /// <summary>Share of model calls that fail but succeed on a retry.</summary>
    public double TransientModel { get; init; }

    /// <summary>Chance per step that the clock advances although turns are ready.</summary>
    public double Hurry { get; init; }

    /// <summary>Whether requests and responses are serialized and deserialized.</summary>
    public bool Wire { get; init; }

    public int Concurrency { get; init; } = 8;

    /// <summary>Maximum number of crashes, stops and storage failures, per kind.</summary>
    public int Budget { get; init; } = 4;

    /// <summary>Maximum time for which a suspended process holds a lock.</summary>
    public static TimeSpan LongestLock { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Maximum time until the directory detects a dead silo.</summary>
    public static TimeSpan LongestUnnoticedDeath { get; } = TimeSpan.FromSeconds(20);

    public static Mishaps None { get; } = new();

    public static Mishaps Of(ulong seed)
    {
        var random = new Seed(seed).For("mishaps").Random();
        // One seed in five is harsh: a larger budget, and more frequent crashes and lost calls.
        var harsh = random.Chance(0.2) ? 6 : 1;
        return new()
        {
            Budget = 3 * harsh,
            Calls = random.Chance(0.6) ? 0.04 * harsh * random.NextDouble() : 0,
            ActivationCrashEvery = random.Chance(0.5) ? random.Between(150, 1500) / harsh : 0,
            ForgetEvery = random.Chance(0.3) ? random.Between(300, 2000) / harsh : 0,
            DeathEvery = random.Chance(0.4) ? random.Between(300, 3000) : 0,
            DeathInCommit = random.Chance(0.4) ? 0.08 * random.NextDouble() : 0,
            StopEvery = random.Chance(0.3) ? random.Between(200, 2000) : 0,
            StorageError = random.Chance(0.2) ? 0.02 * random.NextDouble() : 0,
            DiskFullAfter = random.Chance(0.1) ? random.Between(5, 120) : 0,
            SlowModel = random.Chance(0.3) ? 0.1 * random.NextDouble() : 0,
            TransientModel = random.Chance(0.3) ? 0.2 * random.NextDouble() : 0,
            Hurry = random.Chance(0.5) ? 0.01 : 0,
            Wire = random.Chance(0.1),
            Concurrency = random.Pick([1, 2, 4, 8, 16]),
            DeathInJournal = random.Chance(0.4) ? 0.01 * random.NextDouble() : 0,
            Silos = random.Pick([1, 1, 2, 3]),
            SiloDeathEvery = random.Chance(0.4) ? random.Between(300, 3000) / harsh : 0,
            LockHeld = random.Chance(0.3) ? 0.15 * random.NextDouble() : 0,
            LateStorageError = random.Chance(0.2) ? 0.02 * random.NextDouble() : 0,
            OnObjects = random.Chance(0.4),
            ObjectsAnswerLate = random.Chance(0.4) ? 0.03 * random.NextDouble() : 0,
            ObjectsAnswerTwice = random.Chance(0.5) ? 0.3 * random.NextDouble() : 0,
        };
    }
}
